// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What happens in the program, as values: a face shows them to a person or writes them for a script.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "app/device.hpp"

namespace rtc::app {

struct SessionEvent {
  std::string state;  ///< connecting, online, offline, failed
  std::string user;
  std::string server;
  std::string message;  ///< why, for offline and failed
};

struct CallEvent {
  std::string state;  ///< calling, ringing, accepted, connected, reconnecting, ended
  std::string call;
  std::string peer;
  std::string direction;     ///< outgoing, incoming
  std::string reason;        ///< of ended
  std::string display = {};  ///< what people call the caller; may be empty
  std::string group = {};    ///< the one that was called; empty: we were
};

/// Somebody called while we were not there, or did not answer.
struct MissedCallEvent {
  std::string call;
  std::string peer;
  unsigned ago = 0;  ///< seconds
};

/// How it stands with a user whom we watch.
struct PresenceEvent {
  std::string user;
  std::string state;  ///< online, busy, offline
};

/// A stream of the other side began, was muted, or ended.
struct StreamEvent {
  std::string state;  ///< live, muted, ended
  std::string call;
  std::string peer;
  std::string kind;  ///< video, audio
  std::string pad;
};

/// Once a second for each connected call.
struct StatsEvent {
  using Value = std::variant<bool, std::int64_t, std::uint64_t, double, std::string>;
  std::vector<std::pair<std::string, Value>> fields;

  /// As a number; nothing where the field is absent or none.
  std::optional<double> number(std::string_view name) const;
  std::string text(std::string_view name) const;
};

/// How a transfer of files stands, or what became of one file of it.
struct FileEvent {
  std::string state;  ///< as in the elements' `rtc-file` message
  std::string transfer;
  std::string peer;
  std::string direction;  ///< outgoing, incoming
  std::string name;       ///< of the first file, or of the one that it is about
  std::string place;      ///< of a received file
  std::string reason;
  std::string message;
  std::uint64_t files = 0;
  std::uint64_t files_done = 0;
  std::uint64_t files_failed = 0;
  std::uint64_t bytes = 0;
  std::int64_t total = -1;
  double rate = 0;   ///< bytes a second
  double left = -1;  ///< seconds
  std::uint64_t lanes = 0;
  bool paused = false;
  std::vector<std::string> names;  ///< of an offer that is asked about

  bool ofOneFile() const { return state == "file-done" || state == "file-failed"; }
  bool over() const { return state == "done" || state == "rejected" || state == "cancelled" || state == "failed"; }
};

/// What is used as a source or for output, and why.
struct DeviceEvent {
  std::string kind;    ///< video, audio, display, speaker
  std::string choice;  ///< device, test, none, or a file's name
  std::string message;
  std::string device{};  ///< its name
  std::string path{};    ///< of a camera: /dev/video0
};

/// What `devices` lists.
struct FoundDevicesEvent {
  std::vector<Device> devices;
};

struct SnapshotEvent {
  std::string file;
  int width = 0;
  int height = 0;
};

struct UsersEvent {
  struct User {
    std::string name;
    bool busy = false;
  };
  std::vector<User> users;
};

/// A question that the user at the terminal is to answer.
struct QuestionEvent {
  std::string text;
};

struct NoticeEvent {
  std::string message;
};

/// A sentence, and what to do.
struct ErrorEvent {
  std::string message;
};

using Event =
    std::variant<SessionEvent, CallEvent, StreamEvent, MissedCallEvent, PresenceEvent, StatsEvent, FileEvent,
                 DeviceEvent, FoundDevicesEvent, SnapshotEvent, UsersEvent, QuestionEvent, NoticeEvent, ErrorEvent>;

/// Shows events. Bound to the main thread.
class Face {
 public:
  virtual ~Face() = default;
  virtual void show(const Event& event) = 0;
};

}  // namespace rtc::app
