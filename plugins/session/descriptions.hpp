// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Session descriptions between their text and `webrtcbin`, which makes and takes them in its own time.
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "plugins/core/negotiation.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Has `webrtcbin` make an offer or an answer. `done` is called once, on any thread, with its text.
void createDescription(GstElement* webrtcbin, core::DescriptionType type,
                       std::function<void(Result<std::string>)> done);

enum class Side { Local, Remote };

/// Gives `webrtcbin` a description of this side. `done` is called once, on any thread; at once for text that is none.
void setDescription(GstElement* webrtcbin, Side side, core::DescriptionType type, const std::string& sdp,
                    std::function<void(Result<Done>)> done);

}  // namespace rtc
