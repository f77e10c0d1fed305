// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Why a transfer, or one file of it, failed: a stable word for programs and a sentence for people.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace rtc::core::file {

enum class Code {
  Declined,
  Busy,
  Unsupported,
  Protocol,
  TooLarge,
  NoSpace,
  Io,
  NameUnsafe,
  Exists,
  HashMismatch,
  SourceChanged,
  Timeout,
  Cancelled,
  Interrupted,
  Last = Interrupted,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(Code::Last) + 1> kCodeWords = {
    "declined",    "busy",   "unsupported",   "protocol",       "too_large", "no_space",  "io",
    "name_unsafe", "exists", "hash_mismatch", "source_changed", "timeout",   "cancelled", "interrupted"};

inline std::string_view word(Code code) {
  return kCodeWords[static_cast<std::size_t>(code)];
}

/// A word that nobody knows counts as a breach of the protocol.
inline Code codeFrom(std::string_view word) {
  for (std::size_t i = 0; i < kCodeWords.size(); ++i) {
    if (kCodeWords[i] == word) return static_cast<Code>(i);
  }
  return Code::Protocol;
}

struct Fault {
  Code code = Code::Protocol;
  std::string text;
};

/// What the other side may be told: that a name exists here, or what the disk says, is none of its business.
inline Fault forPeer(const Fault& fault) {
  if (fault.code == Code::Exists || fault.code == Code::NameUnsafe) return {Code::Declined, "declined"};
  if (fault.code == Code::Io) return {Code::Io, "the file could not be read or written"};
  return fault;
}

}  // namespace rtc::core::file
