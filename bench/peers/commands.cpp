// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/commands.hpp"

#include <glib.h>

#include <utility>

#include "base/ptr.hpp"

RTC_OWN_COUNTED(GIOChannel, g_io_channel_ref, g_io_channel_unref);

namespace rtc::bench {
namespace {

using Command = std::function<void(const std::string&)>;

gboolean onLine(GIOChannel* channel, GIOCondition, gpointer command) {
  gchar* raw = nullptr;
  gsize end = 0;
  const auto status = g_io_channel_read_line(channel, &raw, nullptr, &end, nullptr);
  const auto line = adopt(raw);
  const bool read = status == G_IO_STATUS_NORMAL;
  (*static_cast<Command*>(command))(read ? std::string(line.get(), end) : "quit");
  return read ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

}  // namespace

void watchCommands(Command command) {
  const auto input = adopt(g_io_channel_unix_new(0));
  g_io_add_watch_full(input.get(), G_PRIORITY_DEFAULT, static_cast<GIOCondition>(G_IO_IN | G_IO_HUP), onLine,
                      new Command(std::move(command)), [](gpointer owned) { delete static_cast<Command*>(owned); });
}

void onMain(std::function<void()> call) {
  using Call = std::function<void()>;
  g_idle_add_full(
      G_PRIORITY_HIGH,
      [](gpointer owned) -> gboolean {
        (*static_cast<Call*>(owned))();
        return G_SOURCE_REMOVE;
      },
      new Call(std::move(call)), [](gpointer owned) { delete static_cast<Call*>(owned); });
}

}  // namespace rtc::bench
