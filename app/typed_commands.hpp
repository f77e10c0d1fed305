// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the person at the terminal types while a call is on: `/mute`, `/send FILE` and the like.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "base/ptr.hpp"

namespace rtc::app {

struct SendCommand {
  std::string file;
};
struct MuteCommand {
  bool video = false;
  bool audio = false;
  bool muted = true;
};
/// What was typed is no command.
struct UnknownCommand {};
using TypedCommand = std::variant<SendCommand, MuteCommand, UnknownCommand>;

TypedCommand commandIn(std::string_view line);

/// Bound to the main thread. Reads lines from the terminal for as long as it lives.
class TypedCommands {
 public:
  explicit TypedCommands(std::function<void(const std::string&)> on_line);
  TypedCommands(const TypedCommands&) = delete;
  TypedCommands& operator=(const TypedCommands&) = delete;
  ~TypedCommands();

 private:
  struct Callbacks;

  std::function<void(const std::string&)> on_line_;
  Ptr<GSource> input_;
};

}  // namespace rtc::app
