// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The life of one call, as the service sees it. `docs/protocol.md` shows the same rules as a table, and a test holds
// the two against each other.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "signaling/protocol/call_state.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/protocol/reason.hpp"

namespace rtc::signaling {

/// A call that nobody made yet is idle and has no machine.
enum class Party { Caller, Callee };

constexpr Party otherThan(Party party) {
  return party == Party::Caller ? Party::Callee : Party::Caller;
}

/// How long each phase may take: nothing waits for ever.
struct CallTimers {
  Duration ring{60'000};      ///< from the call to its acceptance
  Duration setup{15'000};     ///< from there until media flows for both
  Duration resume{30'000};    ///< for a party whose connection to the service was lost to come back
  Duration member{15'000};    ///< for which a group's call rings at one member
  Duration reattach{60'000};  ///< for the second party to claim a call that the service has forgotten
};

/// What a party does, or what happens to it.
namespace call_event {
struct Ring {};
struct PickUp {};
struct Refuse {
  Reason reason = Reason::Declined;
};
struct GiveUp {};
struct Connect {};
struct HangUp {
  Reason reason = Reason::Hangup;
};
/// Its connection to the service was lost. It may come back.
struct Detach {};
/// Its connection to the service was lost, and it has no way to come back.
struct Vanish {};
struct Resume {};
}  // namespace call_event

using CallEvent =
    std::variant<call_event::Ring, call_event::PickUp, call_event::Refuse, call_event::GiveUp, call_event::Connect,
                 call_event::HangUp, call_event::Detach, call_event::Vanish, call_event::Resume>;

/// What a party must be told.
struct CallNotice {
  enum class Kind { Ringing, Accepted, Ended };
  Party to;
  Kind kind;
  Reason reason = Reason::Hangup;  ///< of the end
  std::optional<Party> by;         ///< who ended it; nobody: the service
};

struct CallStep {
  /// The event does not fit the state, or the party may not do this: nothing changed.
  bool refused = false;
  std::vector<CallNotice> notices;
};

class CallMachine {
 public:
  /// A call was just made.
  CallMachine(const CallTimers& timers, Instant now);
  /// A call whose parties are connected, and which the service had forgotten.
  static CallMachine reattached(const CallTimers& timers);

  CallState state() const { return state_; }
  bool ended() const { return state_ == CallState::Ended; }
  /// Descriptions and candidates may pass.
  bool relays() const { return state_ == CallState::Accepted || state_ == CallState::Connected; }

  CallStep on(Party by, const CallEvent& event, Instant now);
  /// Ends a phase whose time is over.
  CallStep tick(Instant now);
  /// The service itself ends the call, and tells both.
  CallStep end(Reason reason);
  /// When `tick` will have something to do.
  std::optional<Instant> deadline() const;

 private:
  struct Rules;

  bool pending() const { return state_ == CallState::Calling || state_ == CallState::Ringing; }
  CallStep endBy(Party by, Reason reason);
  std::optional<Instant>& detachedUntil(Party party) { return detached_until_[static_cast<std::size_t>(party)]; }
  bool& connected(Party party) { return connected_[static_cast<std::size_t>(party)]; }

  CallTimers timers_;
  CallState state_ = CallState::Calling;
  std::optional<Instant> phase_ends_;
  std::array<std::optional<Instant>, 2> detached_until_;
  std::array<bool, 2> connected_{};
};

}  // namespace rtc::signaling
