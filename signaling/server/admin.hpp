// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The operator's port: is the process alive, is it ready for clients, and what does it count. On loopback only.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "signaling/server/connection_table.hpp"
#include "signaling/server/listener.hpp"

namespace rtc::signaling {

/// Bound to the reactor's thread.
class Admin final : private ConnectionHost {
 public:
  struct Questions {
    std::function<bool()> ready;
    std::function<std::string()> metrics;
  };

  Admin(Reactor& reactor, Questions questions);

  /// Where it listens from now on, as `http://HOST:PORT`.
  Result<std::string> listen(int port);

 private:
  std::variant<Reply, Upgrade> requested(Connection& connection, const RequestHead& head) override;
  void opened(Connection&, const RequestHead&) override {}
  void received(Connection&, std::string_view) override {}
  void left(Connection&) override {}
  void ended(Connection& connection, Closing why) override;

  Reactor& reactor_;
  Questions questions_;
  ConnectionLimits limits_;
  AssemblyPool assemblies_{0};
  Metrics metrics_;  ///< of this port itself: told to nobody
  ConnectionTable connections_;
  std::unique_ptr<Listener> listener_;
};

}  // namespace rtc::signaling
