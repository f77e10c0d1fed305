// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/request_head.hpp"

#include <algorithm>

namespace rtc::signaling {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool isTokenCharacter(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

/// RFC 9110 5.6.2
bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, isTokenCharacter);
}

/// RFC 9110 5.5: visible characters, those above ASCII, and blanks.
bool isFieldValue(std::string_view text) {
  return std::ranges::none_of(text, [](char c) {
    const auto code = static_cast<unsigned char>(c);
    return (code < 0x20 && c != '\t') || code == 0x7f;
  });
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Up to the line's end, which is taken out. The head is known to end with one.
std::string_view takeLine(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

/// RFC 9112 3.2: a path of this server, or, as a proxy says it, a whole URI of it.
std::optional<std::string> pathOf(std::string_view target) {
  const bool printable = std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7f; });
  if (!printable) return std::nullopt;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!target.starts_with(scheme)) continue;
    const auto slash = target.find('/', scheme.size());
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return std::nullopt;
  return std::string(target.substr(0, target.find_first_of("?#")));
}

std::optional<HeadRefused> readRequestLine(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return HeadRefused{400, "malformed request line"};
  const auto method = line.substr(0, first);
  const auto version = line.substr(last + 1);
  if (!isToken(method)) return HeadRefused{400, "malformed request line"};
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    const bool other = version.starts_with("HTTP/") && isFieldValue(version);
    return other ? HeadRefused{505, "this service speaks HTTP/1.1"} : HeadRefused{400, "malformed request line"};
  }
  auto path = pathOf(line.substr(first + 1, last - first - 1));
  if (!path) return HeadRefused{400, "malformed request target"};
  head.method = method;
  head.path = std::move(*path);
  head.http_1_0 = version == "HTTP/1.0";
  return std::nullopt;
}

std::optional<HeadRefused> readField(std::string_view line, RequestHead& head) {
  const auto colon = line.find(':');
  // A blank before the name or the colon is refused (RFC 9112 5.1, 5.2): others fold the line or ignore it.
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) return HeadRefused{400, "malformed field"};
  const auto value = trimmed(line.substr(colon + 1));
  if (!isFieldValue(value)) return HeadRefused{400, "malformed field"};
  head.fields.emplace_back(lowered(line.substr(0, colon)), value);
  return std::nullopt;
}

}  // namespace

bool sameWord(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::optional<std::string_view> RequestHead::field(std::string_view name) const {
  const auto is = [&](const auto& field) { return field.first == name; };
  const auto found = std::ranges::find_if(fields, is);
  if (found == fields.end() || std::any_of(found + 1, fields.end(), is)) return std::nullopt;
  return found->second;
}

bool RequestHead::has(std::string_view name) const {
  return std::ranges::any_of(fields, [&](const auto& field) { return field.first == name; });
}

bool RequestHead::lists(std::string_view name, std::string_view word) const {
  for (const auto& [known, value] : fields) {
    if (known != name) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = rest.find(',');
      if (sameWord(trimmed(rest.substr(0, comma)), word)) return true;
      rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    }
  }
  return false;
}

bool RequestHead::keepsAlive() const {
  return !http_1_0 && !lists("connection", "close");
}

bool RequestHead::hasBody() const {
  const auto length = field("content-length");
  return has("transfer-encoding") || (has("content-length") && length != "0");
}

std::optional<std::size_t> headLength(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  return end == std::string_view::npos ? std::nullopt : std::optional(end + 4);
}

std::variant<RequestHead, HeadRefused> parseHead(std::string_view head, const HeadLimits& limits) {
  if (head.size() > limits.bytes) return HeadRefused{431, "the request's head is too large"};
  RequestHead request;
  if (auto refused = readRequestLine(takeLine(head), request)) return *refused;
  while (head != "\r\n") {
    if (request.fields.size() >= limits.fields) return HeadRefused{431, "too many fields"};
    if (auto refused = readField(takeLine(head), request)) return *refused;
  }
  // RFC 9112 3.2
  const bool named = request.field("host").has_value();
  if (!named && (request.has("host") || !request.http_1_0)) return HeadRefused{400, "exactly one Host is needed"};
  return request;
}

}  // namespace rtc::signaling
