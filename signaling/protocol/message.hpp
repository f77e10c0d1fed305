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

/// What a caller means to send. Only a hint for the callee's ring: the descriptions decide.
struct Media {
  bool audio = true;
  bool video = true;
  bool operator==(const Media&) const = default;
};

// --- Client to service -----------------------------------------------------------------------------------------------

struct Login {
  std::string name;
  std::optional<int> version;  ///< absent: a book client
  std::string token;
  std::string resume;  ///< from the last login reply: takes up the calls of a connection that was lost
};
struct ListUsers {};
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

using ClientBody = std::variant<Login, ListUsers, Call, Ringing, Accept, Decline, Cancel, Offer, Answer, Candidate,
                                Connected, Leave, Unrecognized>;

struct ClientMessage {
  std::string id;  ///< of the request; empty: no reply is wanted
  ClientBody body;
};

// --- Service to client -----------------------------------------------------------------------------------------------

struct IceServer {
  std::vector<std::string> urls;
  std::string username;
  std::string credential;
};

struct User {
  std::string name;
  bool busy = false;  ///< in a call
};

/// What an `ok` to a login tells.
struct LoggedIn {
  std::string user;
  std::string resume;
  std::vector<IceServer> ice_servers;
  bool resumed = false;  ///< the calls of the connection that was lost go on
};
/// What an `ok` to `users` tells.
struct UserList {
  std::vector<User> users;
};

struct Ok {
  std::string id;
  std::variant<std::monostate, LoggedIn, UserList> body;
};

enum class ErrorCode {
  BadRequest,
  Unauthorized,
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
};

struct IncomingCall {
  std::string call;
  std::string from;
  Media media;
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
struct Ended {
  std::string call;
  Reason reason = Reason::Hangup;
  std::string by;  ///< the user who ended it; empty: the service
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
    std::variant<Ok, RequestError, IncomingCall, PeerRinging, PeerAccepted, PeerOffer, PeerAnswer, PeerCandidate, Ended,
                 GoAway, BookLogin, BookLeave, BookError, BookOffer, BookAnswer, BookCandidate>;

}  // namespace rtc::signaling
