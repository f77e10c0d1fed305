// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who is connected, and under which name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/server/deadlines.hpp"
#include "signaling/server/outgoing.hpp"

namespace rtc::signaling {

/// Never used twice; 0 is nobody.
using SessionId = std::uint64_t;

/// What a client speaks shows at its login.
enum class Dialect { Unknown, Book, Full };

/// A client, for as long as it is known: a full client's session may outlive its connection.
struct Session {
  SessionId id = 0;
  std::optional<ClientId> client;  ///< nothing: the connection was lost
  Dialect dialect = Dialect::Unknown;
  std::string name;    ///< empty: not logged in
  std::string resume;  ///< the secret of a full client's login
  /// What was to be said while the connection was lost.
  std::vector<ServerMessage> missed;
  /// With whom a book client last exchanged a description by the book's rules.
  SessionId book_peer = 0;
};

class Registry {
 public:
  /// References stay good until the session is removed.
  Session& add(ClientId client);
  void remove(const Session& session);

  Session* byId(SessionId id);
  Session* byClient(ClientId client);
  Session* byName(const std::string& name);
  Session* byResume(const std::string& secret);

  /// The name must be free. The name that the session had becomes free.
  void rename(Session& session, const std::string& name);
  void setResume(Session& session, const std::string& secret);
  /// The connection is gone, and the session is kept until then.
  void detach(Session& session, Instant until);
  /// The session goes on over this connection, whose own session ends.
  void reattach(Session& session, ClientId client);
  /// The session is to be given up at the next tick.
  void expire(const Session& session, Instant now) { kept_until_.set(session.id, now); }

  std::vector<SessionId> due(Instant now) const { return kept_until_.due(now); }
  std::optional<Instant> nextDeadline() const { return kept_until_.next(); }
  const std::unordered_map<SessionId, Session>& all() const { return sessions_; }

 private:
  template <typename Key>
  Session* find(const std::unordered_map<Key, SessionId>& index, const Key& key);

  SessionId last_id_ = 0;
  std::unordered_map<SessionId, Session> sessions_;
  std::unordered_map<ClientId, SessionId> by_client_;
  std::unordered_map<std::string, SessionId> by_name_;
  std::unordered_map<std::string, SessionId> by_resume_;
  Deadlines<SessionId> kept_until_;
};

}  // namespace rtc::signaling
