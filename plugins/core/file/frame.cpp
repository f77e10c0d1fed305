// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/frame.hpp"

namespace rtc::core::file {

namespace {

std::uint64_t read(View bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = (value << 8U) | bytes[at + i];
  return value;
}

void append(Bytes& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

}  // namespace

std::optional<Frame> parseFrame(View message) {
  if (message.size() < kHeaderSize || message.size() > kLargestMessage || message[0] != kMagic) return std::nullopt;
  Frame frame;
  frame.type = message[1];
  frame.flags = static_cast<std::uint16_t>(read(message, 2, 2));
  frame.file = readU32(message, 4);
  frame.offset = readU64(message, 8);
  frame.body = message.subspan(kHeaderSize);
  return frame;
}

Bytes makeFrame(Type type, FileId file, std::uint64_t offset, View body) {
  Bytes message;
  message.reserve(kHeaderSize + body.size());
  message.push_back(kMagic);
  message.push_back(static_cast<std::uint8_t>(type));
  append(message, 0, 2);
  append(message, file, 4);
  append(message, offset, 8);
  message.insert(message.end(), body.begin(), body.end());
  return message;
}

Bytes makeFrame(Type type, FileId file, std::uint64_t offset, std::string_view json) {
  return makeFrame(type, file, offset, View(reinterpret_cast<const std::uint8_t*>(json.data()), json.size()));
}

std::uint32_t readU32(View bytes, std::size_t at) {
  return static_cast<std::uint32_t>(read(bytes, at, 4));
}

std::uint64_t readU64(View bytes, std::size_t at) {
  return read(bytes, at, 8);
}

void appendU32(Bytes& bytes, std::uint32_t value) {
  append(bytes, value, 4);
}

void appendU64(Bytes& bytes, std::uint64_t value) {
  append(bytes, value, 8);
}

}  // namespace rtc::core::file
