// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What two sessions say to each other on the data channel `rtc.control` (docs/protocol.md, "The control channel").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "plugins/core/negotiation.hpp"
#include "signaling/protocol/reason.hpp"

namespace rtc::core {

/// Said every two seconds, and answered at once by an `Alive` with the same number.
struct Heartbeat {
  int number = 0;
};
struct Alive {
  int number = 0;
};
/// The sender ends the call; nothing follows.
struct Bye {
  signaling::Reason reason = signaling::Reason::Hangup;
};

/// The descriptions and candidates of a further connection of the call, a lane. Whoever opens it chooses its number:
/// the caller even ones, the callee odd ones.
struct LaneOffer {
  int lane = 0;
  std::string sdp;
};
struct LaneAnswer {
  int lane = 0;
  std::string sdp;
};
struct LaneCandidate {
  int lane = 0;
  std::string candidate;  ///< empty: the last one was said
  std::string mid;
};
/// The lane is refused, or over.
struct LaneClose {
  int lane = 0;
};
using LaneMessage = std::variant<LaneOffer, LaneAnswer, LaneCandidate, LaneClose>;

/// A callee has so many streams to send: the caller is to offer that many sections of each kind.
struct StreamsWanted {
  int video = 0;
  int audio = 0;
};
/// A later description of the call: what the service carried at first.
struct Redescription {
  DescriptionType type = DescriptionType::Offer;
  std::string sdp;
};
/// Muted: it goes on later. Ended: the next stream of this section is another one.
enum class StreamState { Live, Muted, Ended };
/// What became of the stream that the sender gives on the section of this number.
struct StreamNews {
  int section = 0;
  StreamState state = StreamState::Live;
};
using StreamMessage = std::variant<StreamsWanted, Redescription, StreamNews>;

using Control = std::variant<Heartbeat, Alive, Bye, LaneMessage, StreamMessage>;

std::string_view word(StreamState state);
/// Nothing for a word that is none.
std::optional<StreamState> streamStateOf(std::string_view word);

/// The channel's label; its number is `kControlStream`. Both ends know them beforehand (RFC 8832 section 4 leaves that
/// open).
inline constexpr const char* kControlLabel = "rtc.control";

}  // namespace rtc::core
