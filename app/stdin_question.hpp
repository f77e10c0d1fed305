// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One question to the person at the terminal, answered by yes or no while everything else goes on.
#pragma once

#include <functional>

#include "app/event.hpp"
#include "app/questions.hpp"
#include "base/ptr.hpp"

namespace rtc::app {

/// Bound to the main thread. Destroying it takes the question back.
class StdinQuestion {
 public:
  /// Whether somebody is there to ask.
  static bool canAsk();

  /// `answered` is called once: with yes, or with no for anything else that is typed from here on, or for the end of
  /// input.
  explicit StdinQuestion(std::function<void(bool yes)> answered);
  StdinQuestion(const StdinQuestion&) = delete;
  StdinQuestion& operator=(const StdinQuestion&) = delete;
  ~StdinQuestion();

 private:
  struct Callbacks;

  std::function<void(bool)> answered_;
  Ptr<GSource> input_;
};

/// Shows each question, and waits for what is typed.
Questions::Put putAtTerminal(Face& face);

}  // namespace rtc::app
