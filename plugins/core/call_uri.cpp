// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/call_uri.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace rtc::core {

namespace {

constexpr std::string_view kDefaultPort = ":8888";

/// Nothing for a broken escape, or for a NUL.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    int value = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || digits.size() != 2 || end != digits.data() + 2 || value <= 0) return std::nullopt;
    out.push_back(static_cast<char>(value));
    i += 2;
  }
  return out;
}

bool allDigits(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// HOST or HOST:PORT, with a port in any case; nothing if it is neither.
std::optional<std::string> withPort(std::string_view authority) {
  // The colons of an IPv6 address are inside its brackets (RFC 3986 section 3.2.2).
  const bool bracketed = authority.starts_with('[');
  const auto host_end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && host_end == std::string_view::npos) return std::nullopt;
  const auto host = authority.substr(0, bracketed ? host_end + 1 : host_end);
  const auto port = authority.substr(std::min(host.size(), authority.size()));
  const bool legal = !host.empty() && std::none_of(host.begin(), host.end(), [](unsigned char c) {
    return c <= ' ' || c == '?' || c == '#' || c == '@' || c == '%';
  });
  if (!legal) return std::nullopt;
  if (port.empty()) return std::string(host) + std::string(kDefaultPort);
  if (!allDigits(port.substr(1))) return std::nullopt;
  return std::string(authority);
}

}  // namespace

Result<CallUri> parseCallUri(std::string_view text) {
  const bool secure = text.starts_with("rtcs://");
  if (!secure && !text.starts_with("rtc://")) return Error{"the URI does not start with rtc:// or rtcs://"};
  text.remove_prefix(secure ? 7 : 6);

  const auto slash = text.find('/');
  auto authority = text.substr(0, slash);
  const auto path = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  // The last @ is the separator: earlier ones would belong to a name that was not encoded.
  const auto at = authority.rfind('@');
  const auto login = at == std::string_view::npos ? std::string_view() : authority.substr(0, at);
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);

  const auto colon = std::min(login.find(':'), login.size());
  const auto user = decoded(login.substr(0, colon));
  const auto token = decoded(login.substr(std::min(colon + 1, login.size())));
  const auto peer = decoded(path);
  const auto host = withPort(authority);
  if (!host) return Error{"the URI has no host, or a port that is none: rtc://HOST:PORT/PEER is wanted"};
  if (!user || !token || !peer) return Error{"a % in the URI is not followed by two hexadecimal digits"};
  if (peer->empty()) return Error{"the URI does not say whom to call: rtc://HOST:PORT/PEER is wanted"};
  const std::string name(login.substr(0, colon));
  const auto shown = (secure ? "rtcs://" : "rtc://") + name + (name.empty() ? "" : "@") + std::string(authority) + "/" +
                     std::string(path);
  return CallUri{(secure ? "wss://" : "ws://") + *host, *user, *token, *peer, shown};
}

}  // namespace rtc::core
