// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The token that proves who we are, from a file that somebody else keeps fresh.
#pragma once

#include <gst/gst.h>

#include <string>

#include "app/event.hpp"
#include "app/options.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// The file's only line.
Result<std::string> readToken(const std::string& path);

/// Of a message `rtc-token`: gives the element the token that the file has by now, or says what is wrong.
void renewToken(const GstStructure* message, const Options& options, GstElement* element, Face& face);

}  // namespace rtc::app
