// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/stdin_question.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include <utility>

namespace rtc::app {

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
  g_source_set_callback(input_.get(), G_SOURCE_FUNC(Callbacks::readable), this, nullptr);
  g_source_attach(input_.get(), nullptr);
}

StdinQuestion::~StdinQuestion() {
  g_source_destroy(input_.get());
}

}  // namespace rtc::app
