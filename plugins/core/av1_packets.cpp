// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/av1_packets.hpp"

#include <algorithm>
#include <utility>

namespace rtc::core {

namespace {

using View = std::span<const std::uint8_t>;

// The aggregation header (section 4.4 of the payload format).
constexpr std::uint8_t kContinues = 0x80;
constexpr std::uint8_t kGoesOn = 0x40;
constexpr std::uint8_t kCountMask = 0x30;
constexpr unsigned kCountShift = 4;
constexpr std::uint8_t kNewSequence = 0x08;

// The header of an OBU (section 5.3.2 of the AV1 bitstream).
constexpr std::uint8_t kHasExtension = 0x04;
constexpr std::uint8_t kHasSize = 0x02;
constexpr unsigned kTemporalDelimiter = 2;
constexpr unsigned kTileList = 8;
constexpr unsigned kPadding = 15;

/// No temporal unit of a call comes near this.
constexpr std::size_t kMaxUnit = 16 * 1024 * 1024;
/// What an OBU takes beside its bytes.
constexpr std::size_t kObuCost = 64;

unsigned typeOf(std::uint8_t header) {
  return header >> 3 & 0x0f;
}

/// A number in LEB128 (section 4.10.5 of the bitstream), taken off the front; nothing if it is cut or too long.
std::optional<std::size_t> takeNumber(View& from) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(from.size(), 8); ++i) {
    value |= static_cast<std::size_t>(from[i] & 0x7f) << (7 * i);
    if ((from[i] & 0x80) != 0) continue;
    from = from.subspan(i + 1);
    return value;
  }
  return std::nullopt;
}

void putNumber(Bytes& to, std::size_t value) {
  do {
    to.push_back(static_cast<std::uint8_t>((value & 0x7f) | (value > 0x7f ? 0x80 : 0)));
    value >>= 7;
  } while (value != 0);
}

std::size_t lengthOfNumber(std::size_t value) {
  std::size_t length = 1;
  while ((value >>= 7) != 0) ++length;
  return length;
}

/// The OBUs of a unit without their sizes, as they travel.
std::vector<Bytes> obusOf(View unit) {
  std::vector<Bytes> obus;
  while (!unit.empty()) {
    const auto header = unit[0];
    const std::size_t header_size = (header & kHasExtension) != 0 ? 2 : 1;
    if (unit.size() < header_size) break;
    auto rest = unit.subspan(header_size);
    const auto size = (header & kHasSize) != 0 ? takeNumber(rest) : std::optional(rest.size());
    if (!size || *size > rest.size()) break;
    const auto type = typeOf(header);
    if (type != kTemporalDelimiter && type != kTileList && type != kPadding) {
      Bytes obu(unit.begin(), unit.begin() + static_cast<std::ptrdiff_t>(header_size));
      obu[0] = static_cast<std::uint8_t>(header & ~kHasSize);
      obu.insert(obu.end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(*size));
      obus.push_back(std::move(obu));
    }
    unit = rest.subspan(*size);
  }
  return obus;
}

/// Of an OBU without its size.
void append(Bytes& unit, View obu) {
  const std::size_t header_size = (obu[0] & kHasExtension) != 0 ? 2 : 1;
  const auto content = obu.subspan(header_size);
  unit.push_back(obu[0] | kHasSize);
  if (header_size == 2) unit.push_back(obu[1]);
  putNumber(unit, content.size());
  unit.insert(unit.end(), content.begin(), content.end());
}

}  // namespace

std::vector<Bytes> av1Packets(View unit, bool key, std::size_t max_payload) {
  std::vector<Bytes> packets;
  const auto begin = [&packets](bool continues) { packets.push_back({continues ? kContinues : std::uint8_t{0}}); };
  for (const auto& obu : obusOf(unit)) {
    for (View rest = obu; !rest.empty();) {
      const bool continues = rest.size() < obu.size();
      if (packets.empty() || continues) begin(continues);
      auto* packet = &packets.back();
      // A length and at least one byte behind it must fit.
      if (packet->size() + 3 > max_payload) {
        begin(false);
        packet = &packets.back();
      }
      auto room = max_payload - packet->size();
      auto taken = std::min(rest.size(), room - 1);
      taken = std::min(taken, room - lengthOfNumber(taken));
      putNumber(*packet, taken);
      packet->insert(packet->end(), rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(taken));
      rest = rest.subspan(taken);
      if (!rest.empty()) packet->front() |= kGoesOn;
    }
  }
  if (key && !packets.empty()) packets.front().front() |= kNewSequence;
  return packets;
}

std::optional<Av1Assembly::Unit> Av1Assembly::take(View payload, bool marker, bool lost) {
  if (lost) broken_ = true;
  if (payload.empty()) {
    broken_ = true;
  } else {
    const auto header = payload[0];
    if ((header & kNewSequence) != 0) {
      // A key frame begins: whatever was lost before it does not matter any more.
      discard();
      key_ = true;
    }
    takeElements(payload.subspan(1), (header & kCountMask) >> kCountShift, (header & kContinues) != 0,
                 (header & kGoesOn) != 0);
  }
  if (!marker) return std::nullopt;
  if (open_) broken_ = true;
  if (broken_) waits_ = true;
  if (key_ && !broken_) waits_ = false;
  std::optional<Unit> unit;
  if (!waits_ && !obus_.empty()) {
    // A temporal delimiter, whose size is 0, begins every unit.
    unit = Unit{{kTemporalDelimiter << 3 | kHasSize, 0}, key_};
    for (const auto& element : obus_) {
      // One may have its size, though it need not.
      for (const auto& obu : obusOf(element)) append(unit->data, obu);
    }
  }
  discard();
  return unit;
}

void Av1Assembly::takeElements(View elements, unsigned count, bool continues, bool goes_on) {
  if (continues != open_) {
    broken_ = true;
    open_ = false;
  }
  for (unsigned i = 1; !elements.empty(); ++i) {
    // Where the elements are counted, the last one fills the packet.
    const auto size = i == count ? std::optional(elements.size()) : takeNumber(elements);
    if (!size || *size > elements.size() || held_ + *size + kObuCost > kMaxUnit) {
      broken_ = true;
      return;
    }
    const auto element = elements.subspan(0, *size);
    elements = elements.subspan(*size);
    if (std::exchange(open_, false)) {
      obus_.back().insert(obus_.back().end(), element.begin(), element.end());
      held_ += *size;
    } else if (!element.empty() && !continues) {
      obus_.emplace_back(element.begin(), element.end());
      held_ += *size + kObuCost;
    }
    continues = false;
  }
  open_ = goes_on && !obus_.empty();
}

void Av1Assembly::discard() {
  obus_.clear();
  held_ = 0;
  open_ = false;
  broken_ = false;
  key_ = false;
}

}  // namespace rtc::core
