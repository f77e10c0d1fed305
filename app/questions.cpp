// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/questions.hpp"

#include <algorithm>
#include <utility>

namespace rtc::app {

Questions::Questions(Put put) : put_(std::move(put)) {}

void Questions::ask(std::string id, std::string text, Answered answered) {
  withdraw(id);
  questions_.push_back({std::move(id), std::move(text), std::move(answered)});
  askNext();
}

void Questions::withdraw(const std::string& id) {
  const auto found =
      std::find_if(questions_.begin(), questions_.end(), [&](const auto& question) { return question.id == id; });
  if (found == questions_.end()) return;
  if (found == questions_.begin()) standing_.reset();
  questions_.erase(found);
  askNext();
}

void Questions::withdrawAll() {
  standing_.reset();
  questions_.clear();
}

void Questions::askNext() {
  if (standing_ || questions_.empty()) return;
  standing_ = put_(questions_.front().text, [this](bool yes) { answered(yes); });
}

void Questions::answered(bool yes) {
  standing_.reset();
  const auto question = std::move(questions_.front());
  questions_.pop_front();
  question.answered(yes);
  askNext();
}

}  // namespace rtc::app
