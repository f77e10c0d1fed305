// SPDX-License-Identifier: LGPL-2.1-or-later
//
// bare_call SERVER USER: one party of a call between two bare webrtcbins.
#include "bench/peers/bare_peer.hpp"
#include "bench/peers/commands.hpp"

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 3) return 2;
  const auto loop = rtc::adopt(g_main_loop_new(nullptr, FALSE));
  rtc::bench::BarePeer peer(argv[1], argv[2]);
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
