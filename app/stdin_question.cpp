// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/stdin_question.hpp"

#include <glib-unix.h>
#include <termios.h>
#include <unistd.h>

#include <utility>

namespace rtc::app {

namespace {

/// What was typed for an earlier question, or for none, must not answer this one.
void forgetTyped() {
  const auto foreground = ::tcgetpgrp(STDIN_FILENO);
  // In the background that would stop the program, and the words are for somebody else.
  if (foreground != -1 && foreground != ::getpgrp()) return;
  ::tcflush(STDIN_FILENO, TCIFLUSH);
}

}  // namespace

struct StdinQuestion::Callbacks {
  static gboolean readable(gint fd, GIOCondition, gpointer data) noexcept {
    auto* self = static_cast<StdinQuestion*>(data);
    // A terminal gives whole lines.
    char line[256];
    const auto size = ::read(fd, line, sizeof line);
    const bool yes = size > 0 && (line[0] == 'y' || line[0] == 'Y');
    // The handler may destroy the question.
    const auto answered = std::exchange(self->answered_, nullptr);
    if (answered) answered(yes);
    return G_SOURCE_REMOVE;
  }
};

bool StdinQuestion::canAsk() {
  return ::isatty(STDIN_FILENO) != 0;
}

StdinQuestion::StdinQuestion(std::function<void(bool)> answered)
    : answered_(std::move(answered)), input_(adopt(g_unix_fd_source_new(STDIN_FILENO, G_IO_IN))) {
  forgetTyped();
  g_source_set_callback(input_.get(), G_SOURCE_FUNC(Callbacks::readable), this, nullptr);
  g_source_attach(input_.get(), nullptr);
}

StdinQuestion::~StdinQuestion() {
  g_source_destroy(input_.get());
}

Questions::Put putAtTerminal(Face& face) {
  return [&face](const std::string& text, Questions::Answered answered) -> Questions::Standing {
    // In this order: an answer to what is seen must not be forgotten.
    auto question = std::make_shared<StdinQuestion>(std::move(answered));
    face.show(QuestionEvent{text});
    return question;
  };
}

}  // namespace rtc::app
