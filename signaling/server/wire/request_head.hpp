// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The head of an HTTP/1.1 request (RFC 9112), read strictly: what two programs could read in two ways is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rtc::signaling {

struct RequestHead {
  std::string method;
  std::string path;  ///< still encoded, without the query; begins with a slash
  bool http_1_0 = false;
  std::vector<std::pair<std::string, std::string>> fields;  ///< names in lower case

  /// The value of a field that came exactly once.
  std::optional<std::string_view> field(std::string_view name) const;
  bool has(std::string_view name) const;
  /// Whether a list field, over all its lines, holds this word, in whatever case (RFC 9110 5.6.1).
  bool lists(std::string_view name, std::string_view word) const;
  /// The client keeps the connection for further requests (RFC 9112 9.3).
  bool keepsAlive() const;
  /// A body follows. It is never read.
  bool hasBody() const;
};

/// Why a request is not taken, as an HTTP status and a sentence.
struct HeadRefused {
  int status = 400;
  std::string why;
};

struct HeadLimits {
  std::size_t bytes = 16 * 1024;
  std::size_t fields = 64;
};

/// How long the head at the beginning of `bytes` is, its empty line included; nothing: it is not complete.
std::optional<std::size_t> headLength(std::string_view bytes);

/// Reads a complete head.
std::variant<RequestHead, HeadRefused> parseHead(std::string_view head, const HeadLimits& limits);

/// Whether two words are the same in whatever case, as far as ASCII goes.
bool sameWord(std::string_view one, std::string_view other);

}  // namespace rtc::signaling
