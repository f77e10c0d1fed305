// SPDX-License-Identifier: LGPL-2.1-or-later
//
// webrtcbin's promises: asked for on the session's thread, answered on webrtcbin's.
#pragma once

#include <string>
#include <utility>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// A promise that calls `answer(reply)` once, on any thread; `reply` is null if it was given up. The action signals of
/// webrtcbin take a reference of their own.
template <typename F>
Ptr<GstPromise> promise(F answer) {
  return adopt(gst_promise_new_with_change_func(
      [](GstPromise* promised, gpointer data) noexcept {
        const bool replied = gst_promise_wait(promised) == GST_PROMISE_RESULT_REPLIED;
        (*static_cast<F*>(data))(replied ? gst_promise_get_reply(promised) : nullptr);
      },
      new F(std::move(answer)), [](gpointer data) noexcept { delete static_cast<F*>(data); }));
}

/// What a reply says went wrong; empty if nothing did.
inline std::string errorOf(const GstStructure* reply) {
  Out<GError> error;
  if (reply != nullptr) gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr);
  return error ? error->message : std::string();
}

}  // namespace rtc
