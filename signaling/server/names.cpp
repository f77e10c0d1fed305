// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/names.hpp"

#include <algorithm>

#include "signaling/protocol/limits.hpp"

namespace rtc::signaling {

bool validName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes &&
         std::ranges::none_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool validCallId(std::string_view id) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !id.empty() && id.size() <= kMaxCallIdBytes && id.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace rtc::signaling
