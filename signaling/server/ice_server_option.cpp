// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/ice_server_option.hpp"

#include <optional>
#include <string>

namespace rtc::signaling {

namespace {

int hexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hexValue(text[i + 1]) < 0 || hexValue(text[i + 2]) < 0) return std::nullopt;
    plain += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
    i += 2;
  }
  return plain;
}

/// The option may hold a password, which no message repeats.
Error wrong(std::string_view why) {
  return {"--ice-server: " + std::string(why) + "; write stun:HOST:PORT or turn:USER:PASSWORD@HOST:PORT"};
}

}  // namespace

Result<IceServer> parseIceServer(std::string_view text) {
  const auto colon = text.find(':');
  const std::string scheme(text.substr(0, colon));
  const bool turn = scheme == "turn" || scheme == "turns";
  if (colon == text.npos || (!turn && scheme != "stun" && scheme != "stuns")) return wrong("not a STUN or TURN server");
  std::string_view rest = text.substr(colon + 1);
  if (rest.starts_with("//")) rest.remove_prefix(2);
  const auto at = rest.rfind('@');
  const auto host = at == rest.npos ? rest : rest.substr(at + 1);
  if (host.empty() || host.front() == ':' || host.front() == '?') return wrong("the host is missing");
  if (host.find_first_of(" /\"\\") != host.npos) return wrong("the host has a wrong character");
  IceServer server{{scheme + ":" + std::string(host)}, "", ""};
  if (!turn) {
    if (at != rest.npos) return wrong("a STUN server has no user");
    return server;
  }
  const auto user = rest.substr(0, at == rest.npos ? 0 : at);
  const auto divide = user.find(':');
  if (divide == user.npos) return wrong("a TURN server needs a user and a password");
  const auto name = unescaped(user.substr(0, divide));
  const auto password = unescaped(user.substr(divide + 1));
  if (!name || !password || name->empty()) return wrong("user or password is not well-formed");
  server.username = *name;
  server.credential = *password;
  return server;
}

}  // namespace rtc::signaling
