// SPDX-License-Identifier: LGPL-2.1-or-later
//
// AV1 in RTP packets, as the Alliance's "RTP Payload Format For AV1" (version 1.0) has it. GStreamer's own elements for
// it are written in Rust, and no Debian release up to 12 has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace rtc::core {

using Bytes = std::vector<std::uint8_t>;

/// The payloads of the packets that carry one temporal unit, which comes as OBUs that each have a size. `key`: it
/// begins with a key frame. What is broken is left out.
std::vector<Bytes> av1Packets(std::span<const std::uint8_t> unit, bool key, std::size_t max_payload);

/// Puts temporal units together again.
class Av1Assembly {
 public:
  struct Unit {
    Bytes data;  ///< a temporal delimiter and the OBUs, each with its size
    bool key = false;
  };

  /// One packet's payload, in order. `lost`: packets before it are missing. Gives the unit that it ends.
  std::optional<Unit> take(std::span<const std::uint8_t> payload, bool marker, bool lost);
  /// Whether it waits for a key frame, since what it has cannot be decoded.
  bool waits() const { return waits_; }

 private:
  void takeElements(std::span<const std::uint8_t> elements, unsigned count, bool continues, bool goes_on);
  void discard();

  std::vector<Bytes> obus_;
  std::size_t held_ = 0;  ///< bytes that they take
  bool open_ = false;     ///< the last of them goes on in the next packet
  bool broken_ = false;   ///< something of the unit is missing
  bool key_ = false;
  bool waits_ = true;
};

}  // namespace rtc::core
