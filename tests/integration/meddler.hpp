// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Someone between a client and the service who changes what passes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/socket_client.hpp"

RTC_OWN_GOBJECT(SoupServer);

namespace rtc::testing {

/// Bound to the test's thread and its default context.
class Meddler {
 public:
  /// What becomes of a text that a client says.
  using Change = std::function<std::string(std::string text)>;

  Meddler(std::string service, Change change);
  ~Meddler();

  /// Where a client finds it, as if it were the service.
  const std::string& uri() const { return uri_; }

 private:
  class Link;

  static void onClient(SoupServer* server, SoupServerMessage* request, const char* path,
                       SoupWebsocketConnection* client, gpointer self) noexcept;

  const std::string service_;
  const Change change_;
  Ptr<SoupServer> server_;
  Ptr<SoupSession> session_;
  std::string uri_;
  std::vector<std::unique_ptr<Link>> links_;
};

}  // namespace rtc::testing
