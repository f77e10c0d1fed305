// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Looks over the hub's shoulder: from what each client was told and said alone it knows who is in which call, and who
// must not hear of it.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "signaling/server/outgoing.hpp"

namespace rtc::fuzz {

class HubWatch {
 public:
  void connected(signaling::ClientId client) { clients_[client]; }
  void closed(signaling::ClientId client) { clients_.erase(client); }
  bool isConnected(signaling::ClientId client) const { return clients_.contains(client); }

  /// Before the hub hears it.
  void says(signaling::ClientId client, const signaling::ClientMessage& message);
  void hears(const signaling::Outgoing& outgoing);

 private:
  struct Client {
    bool full = false;
    bool closing = false;
    /// The login whose numbers these are; a return goes on with them.
    int heard_seq = 0;
    bool counts = false;
    /// The calls that this client has made, claimed, or was told of, and that have not ended for it.
    std::set<std::string> calls;
  };

  void hears(Client& client, const signaling::ServerMessage& message);

  std::map<signaling::ClientId, Client> clients_;
  /// By the secret of a login, so that a return inherits what the lost connection knew.
  std::map<std::string, Client> by_resume_;
  std::map<signaling::ClientId, std::string> resume_;
  std::map<signaling::ClientId, std::string> asked_resume_;
};

}  // namespace rtc::fuzz
