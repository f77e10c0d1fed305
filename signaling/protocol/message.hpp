// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The signaling vocabulary as values: what a client may say to the service, and what the service says to a client.
// `docs/protocol.md` tells what each message means; `codec.hpp` turns them to JSON text and back.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "signaling/protocol/reason.hpp"

namespace rtc::signaling {

/// The version of the full vocabulary. A login that carries it is a full client; one without is a book client.
inline constexpr int kProtocolVersion = 1;

/// One JSON value as text. The service relays it and never looks inside.
struct Json {
  std::string text;
  bool operator==(const Json&) const = default;
};

enum class CallRole { Caller, Callee };

/// What a caller means to send. Only a hint for the callee's ring: the descriptions decide.
struct Media {
  bool audio = true;
  bool video = true;
  bool operator==(const Media&) const = default;
};

/// Where a message stands in what its sender says, and up to where the sender has heard the other; 0: not told.
struct Numbers {
  int seq = 0;
  int ack = 0;
};

// --- Client to service -----------------------------------------------------------------------------------------------

struct Login {
  std::string name;
  std::optional<int> version;  ///< absent: a book client
  std::string token = {};
  std::string resume = {};  ///< from the last login reply: takes up the calls of a connection that was lost
  /// The client numbers what it says, and has heard the service up to here. Nothing: it does not count.
  std::optional<int> ack = {};
  bool visible = false;                  ///< whoever watches this user may be told of it
  std::vector<std::string> groups = {};  ///< of which the user takes calls
};
struct ListUsers {};
/// Replaces the users of whose presence the client is told.
struct Watch {
  std::vector<std::string> users;
};
/// Whether others may watch this user on this device.
struct SetPresence {
  bool visible = false;
};
/// Asks for ICE servers with fresh credentials.
struct GetIceServers {};
/// A new token for the login that stands.
struct RenewToken {
  std::string token;
};
/// Takes up a call that the service has forgotten, by the ticket that both parties got when it was accepted.
struct Reattach {
  std::string call;
  std::string with;  ///< the other party
  CallRole role = CallRole::Caller;
  std::string secret;
};
/// Says nothing but up to where the client has heard.
struct Acknowledge {};
struct Call {
  std::string call;  ///< chosen by the caller: 1 to 64 characters of A-Z a-z 0-9 _ -
  std::string to;
  Media media;
};
struct Ringing {
  std::string call;
};
struct Accept {
  std::string call;
};
struct Decline {
  std::string call;
  Reason reason = Reason::Declined;  ///< Declined or Busy
};
struct Cancel {
  std::string call;
};
/// In the next three a full client names its `call`, a book client the other user's `name`.
struct Offer {
  std::string call;
  std::string name;
  Json offer;
};
struct Answer {
  std::string call;
  std::string name;
  Json answer;
};
struct Candidate {
  std::string call;
  std::string name;
  Json candidate;
};
/// Media flows: said by each party once.
struct Connected {
  std::string call;
};
/// The callee's peer connection is lost: the caller is to offer a new one.
struct Reconnect {
  std::string call;
  int connection = 0;  ///< the number of the new one
};
struct Leave {
  std::string call;
  std::string name;
  Reason reason = Reason::Hangup;
};
/// Text that is no message at all, or one of an unknown type.
struct Unrecognized {
  std::string type;     ///< as the book's server prints it: `undefined` where there is none
  std::string problem;  ///< for a full client: what is wrong, in a sentence
};

using ClientBody =
    std::variant<Login, ListUsers, Watch, SetPresence, GetIceServers, RenewToken, Reattach, Acknowledge, Call, Ringing,
                 Accept, Decline, Cancel, Offer, Answer, Candidate, Connected, Reconnect, Leave, Unrecognized>;

struct ClientMessage {
  std::string id;  ///< of the request; empty: no reply is wanted
  ClientBody body;
  Numbers numbers = {};
};

// --- Service to client -----------------------------------------------------------------------------------------------

struct IceServer {
  std::vector<std::string> urls;
  std::string username;
  std::string credential;
};

struct User {
  std::string name;
  bool busy = false;         ///< in a call
  std::string display = {};  ///< what people call this user; may be empty
};

/// A call that rang in vain.
struct MissedCall {
  std::string call;
  std::string from;
  int ago_s = 0;
};

enum class PresenceState { Offline, Online, Busy };
struct UserPresence {
  std::string user;
  PresenceState state = PresenceState::Offline;
};

/// What an `ok` to a login tells.
struct LoggedIn {
  std::string user;
  std::string resume;
  std::vector<IceServer> ice_servers;
  bool resumed = false;  ///< the calls of the connection that was lost go on
  std::vector<MissedCall> missed = {};
  std::optional<int> expires_s = {};  ///< for how long the token holds; nothing: for ever
  /// The service counts too, and has heard the client up to here.
  std::optional<int> ack = {};
  std::optional<int> ice_expires_s = {};  ///< for how long the credentials among `ice_servers` hold; nothing: for ever
};
/// What an `ok` to `users` tells.
struct UserList {
  std::vector<User> users;
};
/// What an `ok` to `watch` tells: how it stands with each now.
struct PresenceList {
  std::vector<UserPresence> presence;
};
/// What an `ok` to `ice` tells.
struct IceServerList {
  std::vector<IceServer> ice_servers;
  std::optional<int> expires_s = {};  ///< for how long the credentials hold; nothing: for ever
};
/// What an `ok` to `token` tells.
struct TokenRenewed {
  int expires_s = 0;
};

struct Ok {
  std::string id;
  std::variant<std::monostate, LoggedIn, UserList, PresenceList, IceServerList, TokenRenewed> body;
};

enum class ErrorCode {
  BadRequest,
  Unauthorized,
  Forbidden,
  RateLimited,
  NameTaken,
  NotLoggedIn,
  NoSuchUser,
  NoSuchCall,
  CallExists,
  WrongState,
  Unavailable,
  TooLarge,
  Version,
  Internal,
};

struct RequestError {
  std::string id;  ///< empty: not the answer to a request
  ErrorCode code = ErrorCode::Internal;
  std::string message;
  int retry_ms = 0;  ///< when it may be asked again; 0: not told
};

struct IncomingCall {
  std::string call;
  std::string from;
  Media media;
  std::string display = {};  ///< what people call the caller; may be empty
  std::string group = {};    ///< the one that was called; empty: this user
};
struct PeerRinging {
  std::string call;
  std::string from;
};
struct PeerAccepted {
  std::string call;
  std::string from;
};
/// In the next three a full client gets `call` and `from`; a book client gets `name` with an offer only.
struct PeerOffer {
  std::string call;
  std::string from;
  Json offer;
};
struct PeerAnswer {
  std::string call;
  std::string from;
  Json answer;
};
struct PeerCandidate {
  std::string call;
  std::string from;
  Json candidate;
};
struct PeerReconnects {
  std::string call;
  std::string from;
  int connection = 0;
};
struct Ended {
  std::string call;
  Reason reason = Reason::Hangup;
  std::string by;  ///< the user who ended it; empty: the service
};
/// Proves one's part in a call to a service that has forgotten it.
struct Ticket {
  std::string call;
  std::string with;
  CallRole role = CallRole::Caller;
  std::string secret;
};
struct PresenceChanged {
  UserPresence presence;
};
/// The login's token is about to expire.
struct TokenExpires {
  int in_s = 0;
};
/// Says nothing but up to where the service has heard.
struct Acknowledged {
  int ack = 0;
};
/// The service is about to stop: calls go on, log in again after the delay.
struct GoAway {
  int reconnect_ms = 0;
};

// What only a book client is told.
struct BookLogin {
  bool success = false;
};
struct BookLeave {};
struct BookError {
  std::string message;
};
struct BookOffer {
  std::string name;  ///< empty: a sender who never logged in, as in the book
  Json offer;
};
struct BookAnswer {
  Json answer;
};
struct BookCandidate {
  Json candidate;
};

using ServerMessage =
    std::variant<Ok, RequestError, IncomingCall, PeerRinging, PeerAccepted, PeerOffer, PeerAnswer, PeerCandidate,
                 PeerReconnects, Ended, Ticket, PresenceChanged, TokenExpires, Acknowledged, GoAway, BookLogin,
                 BookLeave, BookError, BookOffer, BookAnswer, BookCandidate>;

}  // namespace rtc::signaling
