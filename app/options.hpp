// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The command line as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/capture_mode.hpp"
#include "base/result.hpp"

namespace rtc::app {

enum class Command { Dial, Answer, Send, Receive, Users, Run, Devices, Help, Version };

struct Options {
  static constexpr int kRecovery = 30;

  Command command = Command::Help;
  std::string server;
  std::string user;
  std::string token;
  std::string token_file;           ///< where the token is, also the one that follows it; may be empty
  std::vector<std::string> groups;  ///< of which calls are taken
  bool visible = false;             ///< others may watch us
  std::vector<std::string> watch;   ///< users: whose presence is shown from now on
  std::string tls_ca_file;
  bool json = false;

  std::string peer;      ///< dial, send: whom
  std::string pipeline;  ///< dial, answer, run: the launch file; empty: run lists them
  std::vector<std::pair<std::string, std::string>> parameters;  ///< run: NAME=VALUE
  std::string video = "auto";
  std::string audio = "auto";
  std::string camera;      ///< a part of its name; empty: the best one
  std::string microphone;  ///< likewise
  std::string speaker;     ///< likewise
  PictureSize size;        ///< of the camera's picture and the test picture
  std::optional<bool> display;
  std::vector<std::string> files;  ///< send; dial: what to send once connected
  std::string received_files;      ///< dial, answer: where the files of the other side go; nowhere if empty
  std::string directory = ".";     ///< receive: where to
  std::string conflict = "fail";   ///< receive: what to do where a name is taken
  std::int64_t max_bitrate = 0;    ///< send: bit/s; 0: no limit
  bool ask = false;                ///< answer: ask before a call is taken; receive: before files are
  bool once = false;
  int duration = 0;                  ///< seconds from connected to hanging up; 0: none
  int recovery_timeout = kRecovery;  ///< seconds to try for a new connection; 0: not at all
  std::string snapshot;

  std::string help;  ///< Help: the text to print
};

/// As the elements' property `groups` wants them.
std::string joinedAtCommas(const std::vector<std::string>& names);

/// Arguments without the program's name. An error is a sentence about the command line.
Result<Options> parseOptions(std::vector<std::string> arguments);

}  // namespace rtc::app
