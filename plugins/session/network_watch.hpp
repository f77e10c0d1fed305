// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whether this host is still on the network that it was on. Nothing in `webrtcbin` or in a socket tells that its
// address is gone; the kernel does, at once.
#pragma once

#include <functional>
#include <vector>

#include "base/task_thread.hpp"
#include "plugins/session/host_addresses.hpp"

namespace rtc {

/// Bound to the thread of its context.
class NetworkWatch {
 public:
  /// Links, addresses and routes come one after the other.
  static constexpr Duration kSettle{250};

  /// `on_change` is called when the host has other addresses than before, and some. Where the kernel gives no notice
  /// (in some sandboxes) it never is.
  NetworkWatch(GMainContext* context, std::function<void()> on_change);
  NetworkWatch(const NetworkWatch&) = delete;
  NetworkWatch& operator=(const NetworkWatch&) = delete;
  ~NetworkWatch();

 private:
  void noticed();
  void settled();

  GMainContext* const context_;
  const std::function<void()> on_change_;
  int socket_ = -1;
  Ptr<GSource> readable_;
  Timer settle_;
  std::vector<HostAddress> addresses_;
};

}  // namespace rtc
