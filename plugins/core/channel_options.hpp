// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a data channel is asked to be (RFC 8831, RFC 8832), and whether that can be had.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace rtc::core {

/// Of the channel's packets among those of the connection (RFC 8831 section 6.4).
enum class ChannelPriority { VeryLow, Low, Medium, High };

struct ChannelOptions {
  std::string label;
  std::string protocol;
  bool ordered = true;
  /// At most one of these two; none: every message arrives.
  std::optional<int> max_retransmits;
  std::optional<int> max_lifetime;  ///< of a message, in ms
  /// Both sides open the channel under the same number by themselves: the peer is told nothing.
  bool negotiated = false;
  std::optional<int> id;  ///< only of a negotiated channel; else it is chosen by the connection
  ChannelPriority priority = ChannelPriority::Low;
};

/// The number that the control channel has, and the highest one that `webrtcbin` can use.
inline constexpr int kControlStream = 0;
inline constexpr int kMaxChannelId = 1023;
inline constexpr std::size_t kMaxLabel = 65'535;  // RFC 8832 section 5.1
/// RFC 8831 section 6.6 lets the peer name its own; `webrtcbin` neither sends nor takes more.
inline constexpr std::size_t kMaxMessage = 65'536;

/// Why such a channel cannot be had, as a sentence for a person.
Result<Done> check(const ChannelOptions& options);

}  // namespace rtc::core
