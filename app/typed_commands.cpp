// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/typed_commands.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include <utility>

namespace rtc::app {

struct TypedCommands::Callbacks {
  static gboolean readable(gint fd, GIOCondition, gpointer data) noexcept {
    // A terminal gives whole lines.
    char line[4096];
    const auto size = ::read(fd, line, sizeof line);
    if (size <= 0) return G_SOURCE_REMOVE;
    static_cast<TypedCommands*>(data)->on_line_(std::string(line, static_cast<std::size_t>(size)));
    return G_SOURCE_CONTINUE;
  }
};

TypedCommands::TypedCommands(std::function<void(const std::string&)> on_line)
    : on_line_(std::move(on_line)), input_(adopt(g_unix_fd_source_new(STDIN_FILENO, G_IO_IN))) {
  g_source_set_callback(input_.get(), G_SOURCE_FUNC(Callbacks::readable), this, nullptr);
  g_source_attach(input_.get(), nullptr);
}

TypedCommands::~TypedCommands() {
  g_source_destroy(input_.get());
}

}  // namespace rtc::app
