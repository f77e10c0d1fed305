// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where a signaling service is: the URI that the user gave, checked.
#pragma once

#include <string>

#include "base/result.hpp"
#include "signaling/client/soup_ptr.hpp"

namespace rtc::signaling {

class ServiceAddress {
 public:
  /// Fails for what is no `ws://` or `wss://` URI with a host.
  static Result<ServiceAddress> parse(const std::string& uri);

  GUri* uri() const { return uri_.get(); }
  /// For messages: without what may be secret.
  const std::string& shown() const { return shown_; }
  /// The machine itself: never reached through a proxy.
  bool isLoopback() const { return loopback_; }

 private:
  ServiceAddress(Ptr<GUri> uri, std::string shown, bool loopback)
      : uri_(std::move(uri)), shown_(std::move(shown)), loopback_(loopback) {}

  Ptr<GUri> uri_;
  std::string shown_;
  bool loopback_;
};

}  // namespace rtc::signaling
