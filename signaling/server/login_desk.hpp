// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Who may be whom: logins of both dialects, returns after a loss, and tokens that expire.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "signaling/server/hub_limits.hpp"
#include "signaling/server/ice_server_source.hpp"
#include "signaling/server/identity.hpp"
#include "signaling/server/login_failures.hpp"
#include "signaling/server/refusal.hpp"
#include "signaling/server/switchboard.hpp"

namespace rtc::signaling {

class LoginDesk {
 public:
  /// Without an authenticator everybody is who they say they are.
  LoginDesk(Switchboard& board, const HubLimits& limits, const Authenticator* authenticator,
            const IceServerSource& ice_servers)
      : board_(board), limits_(limits), authenticator_(authenticator), ice_servers_(ice_servers) {}

  bool open() const { return authenticator_ == nullptr; }

  /// A full client's login. The session that answers may be another than the one that asked: that of its lost
  /// connection.
  struct Outcome {
    Session* session;
    Result<LoggedIn, Refusal> answer;
  };
  Outcome logIn(Session& stranger, const Login& login);
  /// Whether the book client has the name now.
  bool logInByTheBook(Session& session, const std::string& name);
  Result<TokenRenewed, Refusal> renew(Session& session, const std::string& token);
  IceServerList iceServersFor(const Session& session) const;

  void tick();
  std::optional<Instant> nextDeadline() const { return expiries_.next(); }

 private:
  using Proof = Result<Identity, Refusal>;
  Proof prove(Session& session, const std::string& name, const std::string& token);
  Proof unproven(Session& session, const std::string& why);
  std::optional<Refusal> whyNot(const Session& stranger, const Identity& identity);
  /// The lost session whose secret this is.
  Session* lost(const Login& login, const Identity& identity);
  Outcome takeUp(Session& stranger, Session& lost, const Login& login, const Identity& identity);
  LoggedIn welcome(Session& session, bool resumed);
  void become(Session& session, const Login& login, const Identity& identity);
  void setExpiry(Session& session, const Identity& identity);

  Switchboard& board_;
  const HubLimits& limits_;
  const Authenticator* authenticator_;
  const IceServerSource& ice_servers_;
  LoginFailures failures_;
  Deadlines<SessionId> expiries_;
};

}  // namespace rtc::signaling
