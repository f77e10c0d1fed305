// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/handshake.hpp"

#include <algorithm>

namespace rtc::signaling {

namespace {

/// 16 bytes in base64: 22 digits, of which the last holds two bits only, and the padding.
bool validKey(std::string_view key) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  constexpr std::string_view kLastDigits = "AQgw";
  if (key.size() != 24 || !key.ends_with("==")) return false;
  const auto digits = key.substr(0, 22);
  return digits.find_first_not_of(kDigits) == std::string_view::npos &&
         kLastDigits.find(digits.back()) != std::string_view::npos;
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
std::string_view hostOf(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

/// The part behind the scheme; empty for what is no origin of the web.
std::string_view authorityOf(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme)) return origin.substr(scheme.size());
  }
  return {};
}

}  // namespace

bool asksForWebSocket(const RequestHead& head) {
  return head.lists("upgrade", "websocket");
}

std::optional<HeadRefused> handshakeProblem(const RequestHead& head) {
  if (head.method != "GET" || head.http_1_0) return HeadRefused{400, "a WebSocket opens with GET and HTTP/1.1"};
  if (!head.lists("connection", "upgrade")) return HeadRefused{400, "Connection: Upgrade is missing"};
  if (head.field("sec-websocket-version") != "13") return HeadRefused{426, "this service speaks WebSocket version 13"};
  if (!validKey(head.field("sec-websocket-key").value_or(""))) return HeadRefused{400, "no Sec-WebSocket-Key"};
  return std::nullopt;
}

bool OriginRule::allows(const RequestHead& head) const {
  if (!head.has("origin")) return true;
  const auto origin = head.field("origin");
  if (!origin) return false;
  if (!allowed_.empty()) {
    return std::ranges::any_of(allowed_, [&](const auto& entry) { return entry == "*" || sameWord(entry, *origin); });
  }
  const auto host = hostOf(authorityOf(*origin));
  return !host.empty() && sameWord(host, hostOf(head.field("host").value_or("")));
}

bool OriginRule::valid(std::string_view entry) {
  if (entry == "*" || entry == "null") return true;
  const auto authority = authorityOf(entry);
  return !authority.empty() && authority.find_first_of("/?#@ ") == std::string_view::npos;
}

}  // namespace rtc::signaling
