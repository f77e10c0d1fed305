// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/ice_servers.hpp"

#include <string_view>

#include "base/ptr.hpp"

namespace rtc {

namespace {

std::string escaped(const std::string& text) {
  return adopt(g_uri_escape_string(text.c_str(), nullptr, FALSE)).get();
}

}  // namespace

IceServers iceServersFor(const std::vector<signaling::IceServer>& announced) {
  IceServers servers;
  for (const auto& server : announced) {
    for (const std::string_view url : server.urls) {
      const auto colon = url.find(':');
      if (colon == std::string_view::npos) continue;
      const auto scheme = url.substr(0, colon);
      const std::string host(url.substr(colon + 1));
      if (scheme == "stun" && servers.stun.empty()) {
        servers.stun = "stun://" + host;
      } else if (scheme == "turn") {
        servers.turn.push_back("turn://" + escaped(server.username) + ":" + escaped(server.credential) + "@" + host);
      } else if (scheme == "turns") {
        servers.refused.push_back("turns:" + host + " (libnice speaks no TLS to a TURN server)");
      }
    }
  }
  return servers;
}

}  // namespace rtc
