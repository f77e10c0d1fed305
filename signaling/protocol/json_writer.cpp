// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_writer.hpp"

namespace rtc::signaling {

namespace {

std::string escaped(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20) return std::string(1, c);
  constexpr std::string_view kHex = "0123456789abcdef";
  return {'\\', 'u', '0', '0', kHex[code >> 4], kHex[code & 15]};
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string json = "\"";
  json.reserve(text.size() + 2);
  for (const char c : text) json += escaped(c);
  return json + "\"";
}

std::string quotedArray(const std::vector<std::string>& texts) {
  std::string elements;
  for (const auto& text : texts) elements += (elements.empty() ? "" : ",") + quoted(text);
  return "[" + elements + "]";
}

JsonWriter& JsonWriter::addRaw(std::string_view name, std::string_view json) {
  if (json.empty()) return *this;
  if (!members_.empty()) members_ += ',';
  members_ += quoted(name);
  members_ += ':';
  members_ += json;
  return *this;
}

}  // namespace rtc::signaling
