// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The face for scripts: one JSON object a line.
#pragma once

#include <functional>
#include <string>

#include "app/event.hpp"

namespace rtc::app {

/// The line for an event, without its end; empty for what only a person needs.
std::string jsonLine(const Event& event);

class JsonFace final : public Face {
 public:
  /// Writes to stdout, and errors to stderr as well.
  void show(const Event& event) override;
};

}  // namespace rtc::app
