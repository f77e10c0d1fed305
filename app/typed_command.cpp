// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/typed_commands.hpp"

namespace rtc::app {

TypedCommand commandIn(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  const auto space = line.find(' ');
  const auto verb = line.substr(0, space);
  auto rest = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (verb == "/send" && !rest.empty()) return SendCommand{std::string(rest)};
  const bool muted = verb == "/mute";
  if (!muted && verb != "/unmute") return UnknownCommand{};
  // The microphone is what one mutes.
  if (rest.empty() || rest == "audio") return MuteCommand{false, true, muted};
  if (rest == "video") return MuteCommand{true, false, muted};
  if (rest == "all") return MuteCommand{true, true, muted};
  return UnknownCommand{};
}

}  // namespace rtc::app
