// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The questions that wait for the one person who answers them. Each belongs to a call or a transfer, so that nobody
// says yes to another one than was meant.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace rtc::app {

/// One is asked at a time, the next one once that is answered or withdrawn. Bound to the main thread.
class Questions {
 public:
  using Answered = std::function<void(bool yes)>;
  /// A question that was put. Destroying it takes it back.
  using Standing = std::shared_ptr<void>;
  /// Puts a question to the person. `answered` is called later, once at most, and may destroy the question.
  using Put = std::function<Standing(const std::string& text, Answered answered)>;

  explicit Questions(Put put);
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  /// `id` is of what the question is about. Another one about the same takes the place of the first, which nobody may
  /// answer any more.
  void ask(std::string id, std::string text, Answered answered);
  /// That call or transfer is over, or answered by somebody else.
  void withdraw(const std::string& id);
  void withdrawAll();

 private:
  struct Question {
    std::string id;
    std::string text;
    Answered answered;
  };

  void askNext();
  void answered(bool yes);

  const Put put_;
  std::deque<Question> questions_;  ///< the first one stands, if any does
  Standing standing_;
};

}  // namespace rtc::app
