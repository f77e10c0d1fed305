// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/option_table.hpp"

#include "signaling/server/ice_server_option.hpp"

namespace rtc::signaling {

namespace {

using option::List;
using option::Number;
using option::Seconds;
using option::Text;
using option::WholeSeconds;

/// Nothing keeps every call from ending at once but a lower bound; a day is as good as for ever.
constexpr double kShortest = 0.01;
constexpr double kDay = 86'400;

std::optional<Error> wrongIceServer(const std::string& text) {
  const auto server = parseIceServer(text);
  return server ? std::nullopt : std::optional(server.error());
}

}  // namespace

const std::vector<OptionRow>& optionTable() {
  static const std::vector<OptionRow> rows = {
      {"listen", "listen", "ADDRESS", "address to listen on; 0.0.0.0 or :: for all",
       Text{[](Options& to) -> std::string& { return to.listen; }}},
      {"listen", "port", "PORT", "TCP port; 0 picks a free one",
       Number{[](Options& to) -> int& { return to.port; }, 0, 65'535}},
      {"listen", "web-root", "DIR", "serve the files of this folder over HTTP",
       Text{[](Options& to) -> std::string& { return to.web_root; }}},
      {"connections", "ping-interval", "SECONDS",
       "how often each client is pinged; it is lost after two pings without an answer",
       WholeSeconds{[](Options& to) -> Duration& { return to.ping; }, 1, 3600}},
      {"connections", "drain-timeout", "SECONDS", "calls being set up may take so long when the service stops",
       Seconds{[](Options& to) -> Duration& { return to.drain; }, kShortest, kDay}},
      {"calls", "ring-timeout", "SECONDS", "an unanswered call ends after this time",
       Seconds{[](Options& to) -> Duration& { return to.hub.timers.ring; }, kShortest, kDay}},
      {"calls", "setup-timeout", "SECONDS", "media must flow this long after the answer",
       Seconds{[](Options& to) -> Duration& { return to.hub.timers.setup; }, kShortest, kDay}},
      {"calls", "resume-timeout", "SECONDS", "a lost client in a call may return within",
       Seconds{[](Options& to) -> Duration& { return to.hub.timers.resume; }, kShortest, kDay}},
      {"ice", "ice-server", "URI",
       "STUN or TURN server for the clients, may be repeated: stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT",
       List{[](Options& to) -> std::vector<std::string>& { return to.ice_servers; }, wrongIceServer}},
  };
  return rows;
}

const OptionRow* findOption(const std::string& name) {
  for (const auto& row : optionTable()) {
    if (name == row.name) return &row;
  }
  return nullptr;
}

}  // namespace rtc::signaling
