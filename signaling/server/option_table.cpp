// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/option_table.hpp"

#include "signaling/server/ice_server_option.hpp"

namespace rtc::signaling {

namespace {

using option::List;
using option::Number;
using option::Real;
using option::Seconds;
using option::Text;
using option::WholeSeconds;

/// Nothing keeps every call from ending at once but a lower bound; a day is as good as for ever.
constexpr double kShortest = 0.01;
constexpr double kDay = 86'400;
constexpr double kMost = 1'000'000;

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
      {"calls", "member-timeout", "SECONDS", "how long a call to a group rings at one member before the next",
       Seconds{[](Options& to) -> Duration& { return to.hub.timers.member; }, kShortest, kDay}},
      {"calls", "reattach-timeout", "SECONDS",
       "how long one party of a call that the service forgot waits for the other",
       Seconds{[](Options& to) -> Duration& { return to.hub.timers.reattach; }, kShortest, kDay}},
      {"limits", "message-rate", "NUMBER", "messages a second of one connection, in the long run",
       Real{[](Options& to) -> double& { return to.hub.limits.messages.per_second; }, 0.1, kMost}},
      {"limits", "message-burst", "NUMBER", "messages of one connection at once",
       Real{[](Options& to) -> double& { return to.hub.limits.messages.burst; }, 1, kMost}},
      {"limits", "call-rate", "NUMBER", "calls a second that one user begins, in the long run",
       Real{[](Options& to) -> double& { return to.hub.limits.calls.per_second; }, 0.001, kMost}},
      {"limits", "call-burst", "NUMBER", "calls that one user begins at once",
       Real{[](Options& to) -> double& { return to.hub.limits.calls.burst; }, 1, kMost}},
      {"limits", "calls-at-once", "NUMBER", "calls in which one device is",
       Number{[](Options& to) -> int& { return to.hub.limits.calls_at_once; }, 1, 10'000}},
      {"limits", "devices", "NUMBER", "devices on which one user is logged in",
       Number{[](Options& to) -> int& { return to.hub.limits.devices; }, 1, 1'000}},
      {"limits", "watchers", "NUMBER", "devices that watch the presence of one user",
       Number{[](Options& to) -> int& { return to.hub.limits.watchers; }, 1, 1'000'000}},
      {"limits", "wrong-logins", "NUMBER", "logins with a wrong token before the connection is closed",
       Number{[](Options& to) -> int& { return to.hub.limits.wrong_logins; }, 1, 1'000}},
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
