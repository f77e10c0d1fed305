// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who is connected, under which name. A user is a name with its devices, each of which is a session.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "signaling/protocol/inbox.hpp"
#include "signaling/protocol/message.hpp"
#include "signaling/protocol/outbox.hpp"
#include "signaling/server/backplane.hpp"
#include "signaling/server/deadlines.hpp"
#include "signaling/server/identity.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/session_id.hpp"

namespace rtc::signaling {

/// What a client speaks shows at its login.
enum class Dialect { Unknown, Book, Full };

/// A client, for as long as it is known: a full client's session may outlive its connection.
struct Session {
  explicit Session(TokenBucket message_bucket) : messages(message_bucket) {}

  // What each message touches comes first, so that it is in few lines of the cache: of thousands of sessions, none is
  // there when its turn comes.
  SessionId id = 0;
  std::optional<ClientId> client;  ///< nothing: the connection was lost
  Dialect dialect = Dialect::Unknown;
  bool counts = false;  ///< its messages and ours are numbered
  bool expired = false;
  bool visible = false;  ///< may be watched
  int strikes = 0;       ///< messages beyond the rate, one after the other
  Inbox inbox;
  TokenBucket messages;
  /// With whom a book client last exchanged a description by the book's rules.
  SessionId book_peer = 0;
  /// A guest: its connection is at another hub, and it is known here for as long as it is in calls of ours.
  std::optional<RemoteDevice> elsewhere;
  /// What was said and not confirmed; of a client that does not count, what was to be said while it was lost.
  Outbox<ServerMessage> outbox{{}};

  std::string name;  ///< empty: not logged in
  std::string display;
  std::vector<std::string> groups;
  Permissions may;
  Origin origin;
  std::optional<Instant> expires;  ///< the token's end
  std::string resume;              ///< the secret of a full client's login
  int wrong_logins = 0;            ///< whose token proved nothing

  bool takesCalls() const { return (client || elsewhere) && !expired; }
};

class Registry {
 public:
  /// References stay good until the session is removed.
  Session& add(ClientId client, Origin origin, TokenBucket messages);
  /// The session of a device at another hub. It is none of the devices of its user here.
  Session& guest(const RemoteDevice& device, const std::string& user, bool counts);
  void remove(const Session& session);

  Session* byId(SessionId id);
  Session* byClient(ClientId client);
  Session* byResume(const std::string& secret);
  Session* byDevice(const RemoteDevice& device);
  std::vector<SessionId> guestsOf(HubId hub) const;
  /// The devices of a user in the order of their logins, lost ones included.
  const std::vector<SessionId>& devicesOf(const std::string& name) const;
  /// The user's first device, or nobody. A book client is its user's only one.
  Session* byName(const std::string& name);
  /// Whoever takes calls of the group.
  std::set<std::string> membersOf(const std::string& group) const;

  /// The session becomes a device of the user; the name that it had loses it.
  void rename(Session& session, const std::string& name);
  void setGroups(Session& session, std::vector<std::string> groups);
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
  const std::unordered_map<std::string, std::vector<SessionId>>& users() const { return by_name_; }

 private:
  void leaveName(const Session& session);
  void leaveGroups(const Session& session);

  SessionId last_id_ = 0;
  std::unordered_map<SessionId, Session> sessions_;
  std::unordered_map<ClientId, Session*> by_client_;
  std::unordered_map<std::string, std::vector<SessionId>> by_name_;
  std::unordered_map<std::string, std::set<SessionId>> by_group_;
  std::unordered_map<std::string, SessionId> by_resume_;
  std::map<RemoteDevice, SessionId> guests_;
  Deadlines<SessionId> kept_until_;
};

}  // namespace rtc::signaling
