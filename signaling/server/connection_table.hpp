// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The connections of one host, by their numbers.
#pragma once

#include <memory>
#include <unordered_map>
#include <utility>

#include "signaling/server/connection.hpp"

namespace rtc::signaling {

/// Bound to the reactor's thread.
class ConnectionTable {
 public:
  explicit ConnectionTable(ConnectionShare share) : share_(share) {}

  void add(WireEnd wire, const Address& from) {
    const ClientId id = ++last_id_;
    connections_.emplace(id, std::make_unique<Connection>(id, std::move(wire), from, share_));
  }
  /// For `ConnectionHost::ended`.
  void remove(ClientId id) {
    const auto entry = connections_.find(id);
    share_.reactor.bury(std::move(entry->second));
    connections_.erase(entry);
  }

  Connection* find(ClientId id) const {
    const auto entry = connections_.find(id);
    return entry != connections_.end() ? entry->second.get() : nullptr;
  }
  std::size_t size() const { return connections_.size(); }
  bool empty() const { return connections_.empty(); }

  std::size_t queued() const {
    std::size_t bytes = 0;
    for (const auto& [id, connection] : connections_) bytes += connection->queued();
    return bytes;
  }

  /// Ends all that `Connection::close` ends.
  void closeAll(CloseCode code, std::string_view reason, Closing why) {
    std::vector<ClientId> ids;
    for (const auto& [id, connection] : connections_) ids.push_back(id);
    for (const ClientId id : ids) {
      if (Connection* connection = find(id)) connection->close(code, reason, why);
    }
  }

 private:
  ConnectionShare share_;
  std::unordered_map<ClientId, std::unique_ptr<Connection>> connections_;
  ClientId last_id_ = 0;
};

}  // namespace rtc::signaling
