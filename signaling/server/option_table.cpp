// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/option_table.hpp"

#include "signaling/server/ice_server_option.hpp"
#include "signaling/server/wire/address.hpp"
#include "signaling/server/wire/handshake.hpp"

namespace rtc::signaling {

namespace {

using option::List;
using option::Number;
using option::Real;
using option::Seconds;
using option::Switch;
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

std::optional<Error> wrongOrigin(const std::string& text) {
  if (OriginRule::valid(text)) return std::nullopt;
  return Error{"--allow-origin: " + text + " is no origin; write https://HOST[:PORT] without a path, null, or *"};
}

std::optional<Error> wrongNetwork(const std::string& text) {
  if (Network::parse(text)) return std::nullopt;
  return Error{"--trusted-proxy: " + text + " is neither an IP address nor a network as 192.0.2.0/24"};
}

std::optional<Error> wrongTurnServer(const std::string& text) {
  const bool turn = text.starts_with("turn:") || text.starts_with("turns:");
  const bool plain = text.find_first_of("@ \"\\/") == std::string::npos && !text.ends_with(':');
  if (turn && plain) return std::nullopt;
  return Error{
      "--turn-server: write turn:HOST:PORT or turns:HOST:PORT, with ?transport=tcp if you like; the user is made by us"};
}

}  // namespace

const std::vector<OptionRow>& optionTable() {
  static const std::vector<OptionRow> rows = {
      {"listen", "listen", "ADDRESS", "address to listen on, may be repeated; 0.0.0.0 for all of IPv4, :: for all",
       List{[](Options& to) -> std::vector<std::string>& { return to.listen; }, nullptr}},
      {"listen", "port", "PORT", "TCP port; 0 picks a free one",
       Number{[](Options& to) -> int& { return to.port; }, 0, 65'535}},
      {"listen", "web-root", "DIR", "serve the files of this folder over HTTP instead of the page that is built in",
       Text{[](Options& to) -> std::string& { return to.web_root; }}},
      {"listen", "no-page", nullptr, "serve no page", option::Switch{[](Options& to) -> bool& { return to.no_page; }}},
      {"connections", "ping-interval", "SECONDS",
       "how often each client is pinged; it is lost after two pings without an answer",
       WholeSeconds{[](Options& to) -> Duration& { return to.limits.ping; }, 1, 3600}},
      {"connections", "header-timeout", "SECONDS", "an HTTP request must be whole after this time",
       Seconds{[](Options& to) -> Duration& { return to.limits.head; }, kShortest, kDay}},
      {"connections", "login-timeout", "SECONDS", "a client must be logged in after this time",
       Seconds{[](Options& to) -> Duration& { return to.limits.login; }, kShortest, kDay}},
      {"connections", "message-timeout", "SECONDS", "a message that began must be whole after this time",
       Seconds{[](Options& to) -> Duration& { return to.limits.message; }, kShortest, kDay}},
      {"connections", "write-timeout", "SECONDS", "a client may read nothing of what waits for it for so long",
       Seconds{[](Options& to) -> Duration& { return to.limits.write_stall; }, kShortest, kDay}},
      {"connections", "drain-timeout", "SECONDS", "calls being set up may take so long when the service stops",
       Seconds{[](Options& to) -> Duration& { return to.drain; }, kShortest, kDay}},
      {"tls", "tls-certificate", "FILE", "certificate and its chain in PEM: then all is wss://; read again on SIGHUP",
       Text{[](Options& to) -> std::string& { return to.tls_certificate; }}},
      {"tls", "tls-key", "FILE", "its key in PEM, if that is in another file",
       Text{[](Options& to) -> std::string& { return to.tls_key; }}},
      {"tls", "tls-timeout", "SECONDS", "a TLS handshake must be over after this time",
       Seconds{[](Options& to) -> Duration& { return to.limits.tls_handshake; }, kShortest, kDay}},
      {"admin", "admin-port", "PORT",
       "port on 127.0.0.1 for /healthz, /readyz and /metrics; 0 picks a free one, -1 for none",
       Number{[](Options& to) -> int& { return to.admin_port; }, -1, 65'535}},
      {"admin", "log-addresses", nullptr, "write the clients' addresses into the log",
       option::Switch{[](Options& to) -> bool& { return to.log_addresses; }}},
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
      {"limits", "max-connections", "NUMBER", "connections in all",
       Number{[](Options& to) -> int& { return to.gate.connections; }, 1, 10'000'000}},
      {"limits", "max-connections-per-address", "NUMBER", "connections from one IPv4 address or one /64 of IPv6",
       Number{[](Options& to) -> int& { return to.gate.connections_per_address; }, 1, 10'000'000}},
      {"limits", "accept-rate", "NUMBER", "connections a second from one address; 0 for no limit",
       Number{[](Options& to) -> int& { return to.gate.accepts_per_second; }, 0, 1'000'000}},
      {"limits", "accept-burst", "NUMBER", "connections at once from one address",
       Number{[](Options& to) -> int& { return to.gate.accepts_burst; }, 1, 1'000'000}},
      {"limits", "frame-rate", "NUMBER",
       "frames a second from one client, pings and fragments included; 0 for no limit",
       Number{[](Options& to) -> int& { return to.limits.frames_per_second; }, 0, 1'000'000}},
      {"limits", "frame-burst", "NUMBER", "frames at once from one client",
       Number{[](Options& to) -> int& { return to.limits.frames_burst; }, 1, 1'000'000}},
      {"limits", "message-size", "BYTES", "of one message from a client, over all its fragments",
       Number{[](Options& to) -> int& { return to.limits.message_bytes; }, 1'024, static_cast<int>(kMaxMessageBytes)}},
      {"limits", "queue-size", "BYTES", "that may wait for one client; then it is too slow",
       Number{[](Options& to) -> int& { return to.limits.queue_bytes; }, 4'096, 1 << 30}},
      {"limits", "header-size", "BYTES", "of an HTTP request's head",
       Number{[](Options& to) -> int& { return to.limits.head_bytes; }, 1'024, 1 << 20}},
      {"limits", "allow-origin", "ORIGIN",
       "pages of this origin may connect, may be repeated: https://HOST, null, or * for all; without any: pages of the "
       "host that they connect to",
       List{[](Options& to) -> std::vector<std::string>& { return to.allowed_origins; }, wrongOrigin}},
      {"limits", "trusted-proxy", "ADDRESS",
       "reverse proxy whose X-Forwarded-For counts, may be repeated: an address or a network as 192.0.2.0/24",
       List{[](Options& to) -> std::vector<std::string>& { return to.trusted_proxies; }, wrongNetwork}},
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
      {"identity", "token-keys", "FILE",
       "keys of the tokens that prove names; without, the service is open to everybody",
       Text{[](Options& to) -> std::string& { return to.access.token_keys; }}},
      {"identity", "token-audience", "WORD", "tokens must be meant for this `aud`; empty: for any",
       Text{[](Options& to) -> std::string& { return to.access.token_rules.audience; }}},
      {"identity", "token-leeway", "SECONDS", "how far the clocks of those who make tokens may be off",
       Seconds{[](Options& to) -> Duration& { return to.access.token_rules.leeway; }, 0, 600}},
      {"identity", "insecure-open", nullptr, "listen for more than this machine although everybody may take any name",
       Switch{[](Options& to) -> bool& { return to.insecure_open; }}},
      {"ice", "turn-server", "URI", "TURN server for which we make credentials, may be repeated: turn:HOST:PORT",
       List{[](Options& to) -> std::vector<std::string>& { return to.access.turn_servers; }, wrongTurnServer}},
      {"ice", "turn-secret-file", "FILE", "file with the secret that we share with the TURN servers",
       Text{[](Options& to) -> std::string& { return to.access.turn_secret_file; }}},
      {"ice", "turn-lifetime", "SECONDS", "how long such credentials can begin a relay",
       Seconds{[](Options& to) -> Duration& { return to.access.turn_lifetime; }, 2, kDay}},
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
