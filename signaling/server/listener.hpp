// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A socket that the service accepts connections on: its own, or one that systemd opened for it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "signaling/server/reactor.hpp"
#include "signaling/server/unique_fd.hpp"
#include "signaling/server/wire/address.hpp"
#include "signaling/server/wire/metrics.hpp"

namespace rtc::signaling {

/// A listening TCP socket on this IP address; `::` takes IPv4 as well. Port 0 picks a free one.
Result<UniqueFd> listenOn(const std::string& address, int port);
/// The sockets that systemd hands over (sd_listen_fds(3)); none if it did not start us so. Each must be a listening TCP
/// socket.
Result<std::vector<UniqueFd>> inheritedSockets();
/// As many connections as the operator lets us have: the soft limit of descriptors becomes the hard one.
void raiseDescriptorLimit();
/// `HOST:PORT` of a listening socket, an IPv6 address in brackets.
std::string authorityOf(int socket);
/// Whether other machines reach a listening socket.
bool isForOthers(int socket);

/// Bound to the reactor's thread.
class Listener final : public Reactor::Handler, private TimerWheel::Entry {
 public:
  using Accepted = std::function<void(UniqueFd socket, const Address& from)>;

  Listener(Reactor& reactor, Metrics& metrics, UniqueFd socket, Accepted accepted);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  /// Nobody is accepted any more.
  ~Listener() override;

  void ready(std::uint32_t events) override;

 private:
  void expired(Instant now) override;
  void pause();

  Reactor& reactor_;
  Metrics& metrics_;
  UniqueFd socket_;
  Accepted accepted_;
};

}  // namespace rtc::signaling
