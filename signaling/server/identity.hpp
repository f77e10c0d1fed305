// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who a client is and what it may do, once its token has proved it. The hub knows nothing of tokens: whoever runs it
// gives it somebody who does, or nobody, and then the service is open.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace rtc::signaling {

struct Permissions {
  bool call = true;   ///< call users and groups
  bool list = true;   ///< ask who is there
  bool watch = true;  ///< be told of the presence of those who allow it
};

struct Identity {
  std::string user;
  std::string display;              ///< what people call this user; may be empty
  std::vector<std::string> groups;  ///< whose calls the user may take
  Permissions may;
  std::optional<Duration> valid_for;  ///< nothing: for ever
};

class Authenticator {
 public:
  virtual ~Authenticator() = default;
  /// Whose token it is. The error is half a sentence that says why it proves nothing, and never repeats it.
  virtual Result<Identity> identify(const std::string& token) const = 0;
};

}  // namespace rtc::signaling
