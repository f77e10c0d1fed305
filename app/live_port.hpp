// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A place in the pipeline where a device is attached, and exchanged while all else goes on.
#pragma once

#include <gst/gst.h>

#include <string>

#include "base/result.hpp"

namespace rtc::app {

/// Bound to the main thread.
class LivePort {
 public:
  virtual ~LivePort() = default;
  /// Attaches what the description makes, in the place of what is there. An error is of the description; what the
  /// device itself says comes later, over the bus, from an element that this port has.
  virtual Result<Done> use(const std::string& description) = 0;
  /// Whether an element is a part of what is attached.
  virtual bool has(GstObject* object) const = 0;
  /// Takes out what the element, which has failed, is a part of. False when another that was attached later is on its
  /// way, and nothing is to be done.
  virtual bool remove(GstObject* part) = 0;

 protected:
  /// Once what failed is taken out: the bins that its error has passed on the way to the bus let nothing that begins
  /// later get further than to its first buffer, until the pipeline is told once more to play.
  static void letGoOn(GstElement* part);
};

}  // namespace rtc::app
