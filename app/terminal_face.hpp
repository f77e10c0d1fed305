// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The face for a person: sentences, and one line that is rewritten each second while a call goes on. Where stdout is no
// terminal each such line stays.
#pragma once

#include <set>
#include <string>

#include "app/event.hpp"

namespace rtc::app {

/// Text from elsewhere, made fit for a terminal: it cannot move the cursor or change colours.
std::string printable(std::string_view text);

/// The line that tells how a call goes.
std::string statsLine(const StatsEvent& stats);

class TerminalFace final : public Face {
 public:
  explicit TerminalFace(bool is_terminal) : is_terminal_(is_terminal) {}
  ~TerminalFace() override { endLiveLine(); }
  void show(const Event& event) override;

 private:
  void say(const std::string& line);
  void list(const Device& device);
  void rewrite(const std::string& line);
  void endLiveLine();

  const bool is_terminal_;
  std::set<std::string> lost_;  // the calls that try for a new connection
  bool live_ = false;           // the cursor is at the end of a line that is still to be rewritten
};

}  // namespace rtc::app
