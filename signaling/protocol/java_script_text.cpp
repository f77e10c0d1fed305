// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/java_script_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace rtc::signaling {

namespace {

/// The shortest digits that read back as the same number, and where the point goes: 0.DIGITS times ten to the `point`.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest(double number) {
  std::array<char, 40> buffer{};
  const auto end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific).ptr;
  const std::string text(buffer.data(), end);
  const auto e = text.find('e');
  Decimal decimal{text.substr(0, 1), std::atoi(text.c_str() + e + 1) + 1};
  if (e > 2) decimal.digits += text.substr(2, e - 2);
  return decimal;
}

std::string positive(double number) {
  if (std::isinf(number)) return "Infinity";
  const auto [digits, point] = shortest(number);
  const int count = static_cast<int>(digits.size());
  const auto at = static_cast<std::size_t>(std::max(point, 0));
  if (count <= point && point <= 21) return digits + std::string(at - digits.size(), '0');
  if (0 < point && point <= 21) return digits.substr(0, at) + "." + digits.substr(at);
  if (-6 < point && point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  const std::string exponent = (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
  return (count == 1 ? digits : digits.substr(0, 1) + "." + digits.substr(1)) + exponent;
}

}  // namespace

std::string javaScriptText(double number) {
  if (std::isnan(number)) return "NaN";
  if (number == 0) return "0";
  return number < 0 ? "-" + positive(-number) : positive(number);
}

}  // namespace rtc::signaling
