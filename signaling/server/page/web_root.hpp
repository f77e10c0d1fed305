// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The files of one folder over HTTP: the page that people open in a browser. Nothing outside of the folder, and nothing
// whose name begins with a dot.
#pragma once

#include <string>

#include "base/result.hpp"
#include "signaling/server/connection.hpp"

namespace rtc::signaling {

/// Bound to the thread of the service.
class WebRoot {
 public:
  /// The folder must exist.
  static Result<WebRoot> open(const std::string& folder);

  /// Answers any request, if only with an error.
  Reply answer(const RequestHead& request) const;

 private:
  explicit WebRoot(std::string folder) : folder_(std::move(folder)) {}

  /// The file behind a decoded path, links resolved; empty if there is none within the folder.
  std::string resolve(const std::string& path) const;

  std::string folder_;  ///< absolute, links resolved
};

}  // namespace rtc::signaling
