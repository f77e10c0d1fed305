// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The first packets within a DTLS connection that its peer has not answered yet. SCTP would wait three seconds before
// it sends one again that was lost; sent again as it was, it does no harm if it was not: DTLS drops what comes twice
// (RFC 6347 section 4.1.2.6).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace rtc::core {

class UnansweredPackets {
 public:
  using Bytes = std::vector<std::uint8_t>;

  /// Of a connection's packets so many are its first.
  static constexpr int kFirst = 32;
  /// Until a packet is sent again for the first time; each further wait is twice as long.
  static constexpr Duration kWait{60};
  static constexpr int kTimes = 3;

  /// Whether it carries what DTLS was made for (RFC 6347 section 4.1). Of what that says for itself a copy may be of no
  /// use: a change of keys that overtook what it belongs to is dropped, and the copy of it for one that comes twice.
  static bool carries(std::span<const std::uint8_t> packet) {
    constexpr std::uint8_t kApplicationData = 23;
    return !packet.empty() && packet[0] == kApplicationData;
  }

  void sent(Bytes packet, Instant now) {
    if (sent_++ < kFirst) waiting_.push_back({std::move(packet), now + kWait, 0});
  }

  /// One that has not come before answers all that was sent before it.
  void received(std::span<const std::uint8_t> packet) {
    if (isNew(packet)) waiting_.clear();
  }

  /// Those whose time has come to be sent again.
  std::vector<Bytes> due(Instant now) {
    std::vector<Bytes> due;
    for (auto& packet : waiting_) {
      if (packet.next > now) continue;
      due.push_back(packet.bytes);
      packet.next = now + kWait * (2 << packet.times++);
    }
    std::erase_if(waiting_, [](const Packet& packet) { return packet.times == kTimes; });
    return due;
  }

  /// When it comes for the next one.
  std::optional<Instant> next() const {
    const auto first = std::min_element(waiting_.begin(), waiting_.end(),
                                        [](const Packet& one, const Packet& other) { return one.next < other.next; });
    return first == waiting_.end() ? std::nullopt : std::optional(first->next);
  }

 private:
  struct Packet {
    Bytes bytes;
    Instant next;
    int times = 0;
  };

  /// By the epoch and number of its first record (RFC 6347 section 4.1).
  bool isNew(std::span<const std::uint8_t> packet) {
    constexpr std::size_t kBegin = 3;
    constexpr std::size_t kEnd = 11;
    constexpr std::size_t kMostKept = 4 * kFirst;
    if (packet.size() < kEnd || seen_.size() >= kMostKept) return true;
    std::uint64_t record = 0;
    for (auto i = kBegin; i < kEnd; ++i) record = record << 8 | packet[i];
    return seen_.insert(record).second;
  }

  std::vector<Packet> waiting_;
  std::set<std::uint64_t> seen_;
  int sent_ = 0;
};

}  // namespace rtc::core
