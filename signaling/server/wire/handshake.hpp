// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether a request opens a WebSocket (RFC 6455 4.2), and whether the page that it comes from may.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/server/wire/request_head.hpp"

namespace rtc::signaling {

/// It is meant as one, well-formed or not.
bool asksForWebSocket(const RequestHead& head);
/// Nothing: it may be answered with `switchingProtocols`.
std::optional<HeadRefused> handshakeProblem(const RequestHead& head);

/// Which pages of the web may connect. Programs, which send no Origin, always may: no page can leave it out.
class OriginRule {
 public:
  /// Each entry is an origin (`https://example.org`), `null`, or `*` for all. Without entries a page may connect to the
  /// host that it came from, whatever the port.
  explicit OriginRule(std::vector<std::string> allowed = {}) : allowed_(std::move(allowed)) {}

  bool allows(const RequestHead& head) const;
  /// Whether it is something that can be an entry.
  static bool valid(std::string_view entry);

 private:
  std::vector<std::string> allowed_;
};

}  // namespace rtc::signaling
