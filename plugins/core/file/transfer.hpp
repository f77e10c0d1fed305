// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What both ends of a transfer have in common: its states, and what they ask of the shell around them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string_view>

#include "plugins/core/file/fault.hpp"
#include "plugins/core/file/message.hpp"

namespace rtc::core::file {

/// A data channel, by a number of the shell's.
using LinkId = unsigned;

enum class State {
  Idle,         ///< no channel yet
  Greeting,     ///< a channel, and no HELLO yet
  Offered,      ///< a person or a rule decides
  Running,      ///< data flow, unless either side pauses
  Confirming,   ///< all is stored; the last word is awaited
  Done,         ///< every accepted file arrived, or failed by itself
  Rejected,     ///< nothing of the offer was taken
  Cancelled,    ///< by either side
  Failed,       ///< for good
  Interrupted,  ///< the channel is gone; goes on with the next one
  Last = Interrupted,
};

inline constexpr std::array<std::string_view, static_cast<std::size_t>(State::Last) + 1> kStateWords = {
    "idle", "connecting", "offered", "running", "confirming", "done", "rejected", "cancelled", "failed", "interrupted"};

inline std::string_view word(State state) {
  return kStateWords[static_cast<std::size_t>(state)];
}

/// No event changes it any more.
inline bool isOver(State state) {
  return state == State::Done || state == State::Rejected || state == State::Cancelled || state == State::Failed;
}

using SharedBytes = std::shared_ptr<const Bytes>;

// Events of both ends.
struct LinkUp {
  LinkId link = 0;
};
struct LinkDown {
  LinkId link = 0;
};
struct Heard {
  LinkId link = 0;
  View message;
};
struct UserPauses {};
struct UserResumes {};
struct UserCancels {
  Fault fault;
  bool keep = true;  ///< the receiver keeps what it has, to go on another time
};
/// Now and then, at least ten times a second while data flow.
struct Tick {};

// Actions of both ends.
struct Send {
  LinkId link = 0;
  Bytes message;
};
struct Changed {
  State state = State::Idle;
  Fault fault;  ///< of Rejected, Cancelled, Failed, Interrupted
};
/// Either side's wish changed; data flow if both are false.
struct PauseChanged {
  bool ours = false;
  bool theirs = false;
};
/// A file is whole on the receiver's side, or will not come.
struct FileOver {
  FileId file = 0;
  std::optional<Fault> fault;
};

}  // namespace rtc::core::file
