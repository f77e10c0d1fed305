// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/ice_servers.hpp"

#include <algorithm>
#include <string_view>

#include "base/ptr.hpp"

namespace rtc {

namespace {

std::string escaped(const std::string& text) {
  return adopt(g_uri_escape_string(text.c_str(), nullptr, FALSE)).get();
}

void take(std::string_view url, const signaling::IceServer& server, IceServers& servers) {
  const auto colon = std::min(url.find(':'), url.size());
  const auto scheme = url.substr(0, colon);
  const std::string host(url.substr(std::min(colon + 1, url.size())));
  const bool turn = scheme == "turn" || scheme == "turns";
  if (host.empty() || (scheme != "stun" && !turn)) {
    servers.refused.push_back(std::string(url) + " (neither stun:HOST, turn:HOST nor turns:HOST)");
  } else if (turn && server.username.empty()) {
    servers.refused.push_back(std::string(url) + " (a TURN server needs a username, and none came with it)");
  } else if (turn) {
    servers.turn.push_back(std::string(scheme) + "://" + escaped(server.username) + ":" + escaped(server.credential) +
                           "@" + host);
  } else if (servers.stun.empty()) {
    servers.stun = "stun://" + host;
  }
}

}  // namespace

IceServers iceServersFor(const std::vector<signaling::IceServer>& announced) {
  IceServers servers;
  for (const auto& server : announced) {
    for (const auto& url : server.urls) take(url, server, servers);
  }
  return servers;
}

}  // namespace rtc
