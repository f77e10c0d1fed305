// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A received picture as a PNG file.
#pragma once

#include <string>

#include "app/event.hpp"
#include "app/gst_ptr.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// Whether a snapshot can be taken at all: an error says what is missing.
Result<Done> canTakeSnapshots();

/// Writes the file whole or not at all.
Result<SnapshotEvent> writeSnapshot(GstSample* picture, const std::string& file);

}  // namespace rtc::app
