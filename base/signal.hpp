// SPDX-License-Identifier: LGPL-2.1-or-later
//
// GObject signals with typed lambdas as handlers: the lambda lives as long as the connection.
#pragma once

#include <glib-object.h>

#include <type_traits>
#include <utility>

namespace rtc {

namespace signal_detail {

template <typename Signature, typename F>
struct Thunk;

template <typename R, typename... Args, typename F>
struct Thunk<R(Args...), F> {
  static R call(gpointer, Args... args, gpointer handler) noexcept { return (*static_cast<F*>(handler))(args...); }
  static void destroy(gpointer handler, GClosure*) noexcept { delete static_cast<F*>(handler); }
};

}  // namespace signal_detail

/// Connects `handler` to a signal of `object`. `Signature` is the C handler's, without the instance and the user data.
/// The handler runs on the emitting thread.
template <typename Signature, typename F>
gulong connectSignal(gpointer object, const char* signal, F&& handler) {
  using Handler = std::decay_t<F>;
  using Thunk = signal_detail::Thunk<Signature, Handler>;
  return g_signal_connect_data(object, signal, G_CALLBACK(&Thunk::call), new Handler(std::forward<F>(handler)),
                               &Thunk::destroy, GConnectFlags(0));
}

}  // namespace rtc
