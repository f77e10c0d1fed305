// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_call SERVER USER [show]: one party of a call between two bare webrtcbins. With `show` the pictures are numbered,
// and rendered in time.
#include <string_view>

#include "bench/peers/bare_peer.hpp"
#include "bench/peers/commands.hpp"

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  const bool shows = argc == 4 && std::string_view(argv[3]) == "show";
  if (argc != 3 && !shows) return 2;
  const auto loop = rtc::adopt(g_main_loop_new(nullptr, FALSE));
  rtc::bench::BarePeer peer(argv[1], argv[2], shows);
  rtc::bench::watchCommands([&](const std::string& command) {
    if (command.starts_with("dial ")) {
      peer.dial(command.substr(5));
    } else if (command == "quit") {
      peer.summarize();
      g_main_loop_quit(loop.get());
    }
  });
  g_main_loop_run(loop.get());
  return 0;
}
