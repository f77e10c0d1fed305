// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/options.hpp"

#include <glib.h>

#include <cmath>

#include "base/ptr.hpp"
#include "signaling/server/ice_server_option.hpp"

RTC_OWN_UNIQUE(GOptionContext, g_option_context_free);

namespace rtc::signaling {

namespace {

constexpr auto kDescription =
    "The first line on the standard output is `listening on ws://HOST:PORT`; the log goes to the standard error.\n"
    "On SIGTERM or SIGINT the clients are told, calls being set up get time to finish, and the exit status is 0.\n"
    "It is 1 if the service cannot start.";

/// What GOptionContext fills in.
struct Raw {
  Out<gchar> listen;
  int port = 8888;
  Out<gchar> web_root;
  gchar** ice_servers = nullptr;
  double ring = 60;
  double setup = 15;
  double resume = 30;
  double drain = 5;
  int ping = 20;
  gboolean version = FALSE;

  Raw() = default;
  Raw(const Raw&) = delete;
  Raw& operator=(const Raw&) = delete;
  ~Raw() { g_strfreev(ice_servers); }
};

Result<Done> parse(Raw& raw, int argc, char** argv) {
  const GOptionEntry entries[] = {
      {"listen", 'l', 0, G_OPTION_ARG_STRING, &raw.listen, "Address to listen on (127.0.0.1; 0.0.0.0 or :: for all)",
       "ADDRESS"},
      {"port", 'p', 0, G_OPTION_ARG_INT, &raw.port, "TCP port (8888; 0 picks a free one)", "PORT"},
      {"web-root", 0, 0, G_OPTION_ARG_FILENAME, &raw.web_root, "Serve the files of this folder over HTTP", "DIR"},
      {"ice-server", 0, 0, G_OPTION_ARG_STRING_ARRAY, &raw.ice_servers,
       "STUN or TURN server for the clients, may be repeated: stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT", "URI"},
      {"ring-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &raw.ring, "An unanswered call ends after this time (60)", "SECONDS"},
      {"setup-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &raw.setup, "Media must flow this long after the answer (15)",
       "SECONDS"},
      {"resume-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &raw.resume, "A lost client in a call may return within (30)",
       "SECONDS"},
      {"drain-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &raw.drain, "Calls being set up may take so long at the end (5)",
       "SECONDS"},
      {"ping-interval", 0, 0, G_OPTION_ARG_INT, &raw.ping,
       "How often each client is pinged; it is lost after two pings without an answer (20)", "SECONDS"},
      {"version", 'V', 0, G_OPTION_ARG_NONE, &raw.version, "Show the version", nullptr},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const auto context = adopt(g_option_context_new("- WebRTC signaling service"));
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  g_option_context_set_description(context.get(), kDescription);
  Out<GError> error;
  if (!g_option_context_parse(context.get(), &argc, &argv, &error)) return Error{error->message};
  if (argc > 1) return Error{std::string("unknown argument ") + argv[1]};
  return Done{};
}

/// Nothing keeps every call from ending at once but a lower bound; a day is as good as for ever.
bool validSeconds(double seconds) {
  return std::isfinite(seconds) && seconds >= 0.01 && seconds <= 86'400;
}

Duration milliseconds(double seconds) {
  return Duration(std::llround(seconds * 1000));
}

Result<Done> readIceServers(const Raw& raw, Options& options) {
  for (gchar** text = raw.ice_servers; text != nullptr && *text != nullptr; ++text) {
    auto server = parseIceServer(*text);
    if (!server) return server.error();
    options.hub.ice_servers.push_back(std::move(server).value());
  }
  return Done{};
}

}  // namespace

Result<std::variant<Options, ShowVersion>> parseOptions(int argc, char** argv) {
  using Parsed = std::variant<Options, ShowVersion>;
  Raw raw;
  if (const auto parsed = parse(raw, argc, argv); !parsed) return parsed.error();
  if (raw.version) return Parsed(ShowVersion{});
  if (raw.port < 0 || raw.port > 65'535) return Error{"--port: a port is a number from 0 to 65535"};
  for (const double seconds : {raw.ring, raw.setup, raw.resume, raw.drain}) {
    if (!validSeconds(seconds)) return Error{"a timeout is a number of seconds from 0.01 to 86400"};
  }
  if (raw.ping < 1 || raw.ping > 3600) return Error{"--ping-interval: a whole number of seconds from 1 to 3600"};
  Options options;
  if (raw.listen) options.listen = raw.listen.get();
  options.port = raw.port;
  if (raw.web_root) options.web_root = raw.web_root.get();
  options.hub.timers = {milliseconds(raw.ring), milliseconds(raw.setup), milliseconds(raw.resume)};
  options.drain = milliseconds(raw.drain);
  options.ping = milliseconds(raw.ping);
  if (const auto read = readIceServers(raw, options); !read) return read.error();
  return Parsed(std::move(options));
}

}  // namespace rtc::signaling
