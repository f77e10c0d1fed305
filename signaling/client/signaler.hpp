// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How a session speaks to the signaling service, whatever carries the messages.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

struct SignalerOptions {
  std::string server;                ///< `ws://` or `wss://` URI
  std::string user;                  ///< login name
  std::string token;                 ///< proves the name; may be empty
  std::vector<std::string> groups;   ///< of which calls are taken
  bool visible = false;              ///< others may watch this user
  std::string tls_ca_file;           ///< PEM; empty: the system's trust. Certificates are always verified
  Duration connect_timeout{10'000};  ///< from start to the login's reply
  Duration request_timeout{10'000};
  Duration keepalive{20'000};  ///< between pings, in whole seconds; a little more than two without an answer are a loss
  /// After a loss: the wait before each attempt is random, below a bound that grows from the first to the second.
  Duration first_retry{1'000};
  Duration last_retry{30'000};
  /// For a while after `check` there is no time to lose: what an attempt may take, and the bound of the wait before it.
  Duration urgent_timeout{3'000};
  Duration urgent_retry{500};
  Duration urgent_for{30'000};
  /// How long the service may be silent after `check`.
  Duration proof{1'000};
  Duration token_patience{60'000};  ///< a login whose token has expired waits so long for another one
};

/// Logged in, for the first time or again after a loss.
struct Online {
  LoggedIn login;
};
/// The connection is gone; it is tried again with back-off. Calls go on.
struct Offline {
  std::string why;
  Duration retry_in{0};
};
/// Given up: the service refused us, or could never be reached.
struct Failed {
  std::string why;       ///< a sentence for a person
  bool refused = false;  ///< the service answered and said no (name taken, bad token, wrong version)
};
/// The token is about to expire, or has: `setToken` with another one. Without, the login ends with it.
struct TokenWanted {
  Duration left{0};
};
/// What came of a token that was set while we were logged in.
struct TokenAnswered {
  std::string why;  ///< it was refused, and the old one holds; empty: it was taken
  Duration valid_for{0};
};
/// A message that answers no request of ours.
struct Received {
  ServerMessage message;
};

using SignalerEvent = std::variant<Online, Offline, Failed, TokenWanted, TokenAnswered, Received>;
using Reply = Result<Ok, RequestError>;

/// Bound to the thread whose thread-default GMainContext it was made under; every callback comes there, and none after
/// `stop`. `start` and `stop` are called once each, in this order.
class Signaler {
 public:
  virtual ~Signaler() = default;
  virtual void start(std::function<void(const SignalerEvent&)> on_event) = 0;
  /// Sends a message that wants no reply. Said offline, it goes out at the return, if the service still knows us then;
  /// but that a call was left it hears in any case.
  virtual void send(ClientBody body) = 0;
  /// Sends a request; `on_reply` is called exactly once: with its answer, which may come after a loss and a return, or
  /// with an error: at its deadline, at a loss that the service does not make good, or at once when offline.
  virtual void request(ClientBody body, std::function<void(const Reply&)> on_reply) = 0;
  /// The connection is needed now, and may be lost without our knowing. Say it after a request: if nothing at all is
  /// heard within `proof`, the connection is given up. One that is lost is tried again at once, and often for a while.
  virtual void check() = 0;
  /// Another token of the same user, for the login that stands and for later ones.
  virtual void setToken(std::string token) = 0;
  /// Whether others may watch this user; likewise.
  virtual void setVisible(bool visible) = 0;
  /// Writes out what is queued (for a second at most), closes the connection and forgets all callbacks. Blocks.
  virtual void stop() = 0;
};

}  // namespace rtc::signaling
