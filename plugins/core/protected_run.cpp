// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/protected_run.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rtc::core {

namespace {

/// RFC 3550 appendix A.1: what is further behind belongs to a stream that has begun anew.
constexpr int kMostMisordered = 100;

/// How far `number` is ahead of `other`, of those that begin again after 65535.
int ahead(std::uint16_t number, std::uint16_t other) {
  return static_cast<std::int16_t>(static_cast<std::uint16_t>(number - other));
}

std::uint16_t next(std::uint16_t number, int step) {
  return static_cast<std::uint16_t>(number + step);
}

/// The number's place in a payload, with its first bit set for one of 15 bits instead of 7.
std::optional<std::pair<unsigned, unsigned>> numberAt(std::span<const std::uint8_t> payload, std::size_t at) {
  if (at >= payload.size()) return std::nullopt;
  if ((payload[at] & 0x80U) == 0) return std::pair<unsigned, unsigned>(payload[at], 1U << 7);
  if (at + 1 >= payload.size()) return std::nullopt;
  return std::pair<unsigned, unsigned>((payload[at] & 0x7fU) << 8 | payload[at + 1], 1U << 15);
}

}  // namespace

ProtectedRun::News ProtectedRun::picture(std::uint16_t number, std::span<const std::uint8_t> payload, bool ends) {
  const Packet packet{number, false, ends, placeOf(payload)};
  if (!keep(packet)) return {};
  News news;
  addIdle(news.idle, packet, -1);
  addIdle(news.idle, packet, 1);
  if (newest_redundancy_ && ahead(*newest_redundancy_, number) > 0)
    news.computable = missingBefore(*newest_redundancy_);
  return news;
}

ProtectedRun::News ProtectedRun::redundancy(std::uint16_t number) {
  if (!keep({number, true, false, std::nullopt})) return {};
  if (!newest_redundancy_ || ahead(number, *newest_redundancy_) > 0) newest_redundancy_ = number;
  return {missingBefore(number), {}};
}

bool ProtectedRun::isMissing(std::uint16_t number) const {
  return oldest_ && ahead(number, *oldest_) > 0 && ahead(number, newest_) < 0 && at(number) == nullptr;
}

bool ProtectedRun::keep(const Packet& packet) {
  const int step = oldest_ ? ahead(packet.number, newest_) : 0;
  if (!oldest_ || step > kReach || step < -kMostMisordered) {
    packets_.fill(std::nullopt);
    newest_redundancy_.reset();
    oldest_ = packet.number;
    newest_ = packet.number;
  }
  if (ahead(packet.number, newest_) > 0) newest_ = packet.number;
  if (ahead(newest_, *oldest_) > kReach) oldest_ = next(newest_, -kReach);
  if (ahead(packet.number, *oldest_) < 0) return false;
  packets_[packet.number % packets_.size()] = packet;
  return true;
}

const ProtectedRun::Packet* ProtectedRun::at(std::uint16_t number) const {
  const auto& packet = packets_[number % packets_.size()];
  return packet && packet->number == number ? &*packet : nullptr;
}

ProtectedRun::Numbers ProtectedRun::missingBefore(std::uint16_t number) const {
  Numbers missing;
  for (int back = std::min(ahead(number, *oldest_), kReach); back > 0; --back) {
    if (const auto each = next(number, -back); isMissing(each)) missing.push_back(each);
  }
  return missing;
}

void ProtectedRun::addIdle(Numbers& to, const Packet& packet, int direction) {
  Numbers between;
  for (auto number = next(packet.number, direction); isMissing(number) || at(number) != nullptr;
       number = next(number, direction)) {
    const auto* other = at(number);
    if (other == nullptr) {
      between.push_back(number);
    } else if (!other->redundancy) {
      if (direction < 0 ? !follows(packet, *other) : !follows(*other, packet)) return;
      for (const auto idle : between) keep({idle, true, false, std::nullopt});
      to.insert(to.end(), between.begin(), between.end());
      std::sort(to.begin(), to.end(), [](auto one, auto two) { return ahead(one, two) < 0; });
      return;
    }
  }
}

bool ProtectedRun::follows(const Packet& packet, const Packet& before) {
  return packet.place && before.place && before.ends && packet.place->begins &&
         packet.place->numbers == before.place->numbers &&
         packet.place->number == (before.place->number + 1) % packet.place->numbers;
}

std::optional<ProtectedRun::Place> ProtectedRun::placeOf(std::span<const std::uint8_t> payload) const {
  if (payload.size() < 2) return std::nullopt;
  const bool vp8 = codec_ == Codec::Vp8;
  // VP8 has X, and I in the byte behind it; S, and the number of the partition. VP9 has I, and B.
  const bool numbered = vp8 ? (payload[0] & 0x80U) != 0 && (payload[1] & 0x80U) != 0 : (payload[0] & 0x80U) != 0;
  const bool begins = vp8 ? (payload[0] & 0x17U) == 0x10U : (payload[0] & 0x08U) != 0;
  if (!numbered) return std::nullopt;
  const auto number = numberAt(payload, vp8 ? 2 : 1);
  if (!number) return std::nullopt;
  return Place{number->first, number->second, begins};
}

}  // namespace rtc::core
