// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service answers to an HTTP request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rtc::signaling {

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
  /// Set if the body comes from a file: `body` is then empty.
  std::uint64_t file_size = 0;

  std::uint64_t size() const { return body.empty() ? file_size : body.size(); }
};

/// A short text for a person.
Response plainText(int status, std::string_view text);
/// A status and its own words.
Response plainStatus(int status);

/// The head as it is sent, its empty line included.
std::string headOf(const Response& response, bool keep_alive);
/// The answer that opens a WebSocket (RFC 6455 4.2.2); `accept` is made from the client's key.
std::string switchingProtocols(std::string_view accept);

}  // namespace rtc::signaling
