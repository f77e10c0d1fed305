// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One user of the soak: a socket as cheap as the load generator's, and above it the counting, resuming conversation
// that the product's own client has.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bench/peers/load_client.hpp"
#include "signaling/client/conversation.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::bench {

/// Whoever is told; it says what it likes, and lets users come and go later. After `lost` the user is away.
struct SoakHost {
  std::function<void(std::uint32_t user, const signaling::LoggedIn& login)> arrived;
  std::function<void(std::uint32_t user, const signaling::ServerMessage& message)> heard;
  std::function<void(std::uint32_t user)> lost;
};

class SoakClient {
 public:
  SoakClient(const SoakHost& host, int epoll, int port, std::uint32_t index)
      : host_(host), epoll_(epoll), port_(port), index_(index), name_("u" + std::to_string(index)) {}
  SoakClient(const SoakClient&) = delete;
  SoakClient& operator=(const SoakClient&) = delete;

  const std::string& name() const { return name_; }
  bool online() const { return online_; }

  /// Connects and logs in: takes up what was lost, if the service lets it. `deaf`: in a socket with little room.
  void arrive(bool deaf = false);
  /// The connection is gone without a word.
  void vanish();
  /// What was, and is not to be resumed.
  void forget() { conversation_ = {}; }
  /// What is said while the connection is lost goes out at the return.
  void say(signaling::ClientBody body);
  /// Reads nothing from now on until it vanishes.
  void stopReading() { deaf_ = true; }

  /// Something happened at the socket of this event.
  void ready(std::uint64_t event);

 private:
  void take(std::string_view text);

  const SoakHost& host_;
  const int epoll_;
  const int port_;
  const std::uint32_t index_;
  const std::string name_;
  std::uint32_t connections_ = 0;
  std::unique_ptr<LoadClient> socket_;
  bool greeted_ = false;
  bool online_ = false;
  bool deaf_ = false;
  signaling::Conversation conversation_;
};

}  // namespace rtc::bench
