// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One message of `rtcfile/1` on the wire: a header of 16 bytes, and a body.
#pragma once

#include <optional>
#include <string_view>

#include "plugins/core/file/bytes.hpp"
#include "plugins/core/file/limits.hpp"

namespace rtc::core::file {

/// The first byte of every message.
inline constexpr std::uint8_t kMagic = 0xF1;

enum class Type : std::uint8_t {
  Hello = 0x01,
  Offer = 0x02,
  Accept = 0x03,
  Reject = 0x04,
  Hashes = 0x05,
  Data = 0x10,
  Block = 0x11,
  FileEnd = 0x12,
  Arrived = 0x20,
  Stored = 0x21,
  Again = 0x22,
  Pause = 0x30,
  Resume = 0x31,
  Cancel = 0x32,
  FileFailed = 0x33,
  Done = 0x40,
  DoneAck = 0x41,
  DoneSeen = 0x42,
  Ping = 0x50,
  Pong = 0x51,
};

/// Types from here on may be left unread by who does not know them.
inline constexpr std::uint8_t kFirstOptional = 0x80;

struct Frame {
  std::uint8_t type = 0;
  std::uint16_t flags = 0;
  FileId file = 0;
  std::uint64_t offset = 0;
  View body;  ///< points into the message
};

/// Nothing if the message is too short, too long or does not begin as one.
std::optional<Frame> parseFrame(View message);

/// Room for the body is left behind the header, and filled with `body`.
Bytes makeFrame(Type type, FileId file, std::uint64_t offset, View body = {});
Bytes makeFrame(Type type, FileId file, std::uint64_t offset, std::string_view json);

// Big-endian numbers in a body. The caller has checked that they are there.
std::uint32_t readU32(View bytes, std::size_t at);
std::uint64_t readU64(View bytes, std::size_t at);
void appendU32(Bytes& bytes, std::uint32_t value);
void appendU64(Bytes& bytes, std::uint64_t value);

}  // namespace rtc::core::file
