// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Pipelines from text, and what to install when an element of one is not there.
#pragma once

#include <string>

#include "app/gst_ptr.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// Makes what the text describes: a pipeline, or a bin whose loose ends are its pads.
Result<Ptr<GstElement>> makePipeline(const std::string& description);
Result<Ptr<GstElement>> makeBin(const std::string& description);

/// What to do about an element that is not there.
std::string adviceFor(const std::string& factory);

}  // namespace rtc::app
