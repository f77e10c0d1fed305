// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/closing.hpp"

#include <array>

namespace rtc::signaling {

std::string_view word(Closing closing) {
  constexpr std::array<std::string_view, kClosings> kWords = {
      "client",       "broken",          "stopping",      "hub",    "tls_timeout", "tls_failed",
      "head_timeout", "bad_request",     "login_timeout", "silent", "write_stall", "queue_full",
      "flood",        "message_timeout", "too_big",       "binary", "bad_text",    "bad_frame"};
  return kWords[static_cast<std::size_t>(closing)];
}

}  // namespace rtc::signaling
