// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The token in a request's `Authorization` header (RFC 6750 section 2.1).
#pragma once

#include <string>
#include <string_view>

namespace rtc::signaling {

/// The scheme's case does not matter (RFC 9110 section 11.1). Empty if the field holds no token of this kind.
inline std::string bearerToken(std::string_view field) {
  constexpr std::string_view kScheme = "bearer ";
  if (field.size() <= kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = field[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return {};
  }
  const auto begin = field.find_first_not_of(' ', kScheme.size());
  if (begin == field.npos) return {};
  return std::string(field.substr(begin, field.find_last_not_of(' ') - begin + 1));
}

}  // namespace rtc::signaling
