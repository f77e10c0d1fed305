// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service says.
#include <functional>
#include <unordered_map>

#include "signaling/protocol/call_role.hpp"
#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/error_code.hpp"
#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"
#include "signaling/protocol/limits.hpp"
#include "signaling/protocol/presence_state.hpp"

namespace rtc::signaling {

namespace {

// --- To text ---------------------------------------------------------------------------------------------------------

std::string arrayOf(const std::vector<std::string>& elements) {
  std::string text;
  for (const auto& element : elements) text += (text.empty() ? "" : ",") + element;
  return "[" + text + "]";
}

std::string textOf(const IceServer& server) {
  return JsonWriter()
      .addRaw("urls", quotedArray(server.urls))
      .addIf("username", server.username)
      .addIf("credential", server.credential)
      .text();
}

std::string textOf(const User& user) {
  return JsonWriter().add("name", user.name).add("busy", user.busy).addIf("display", user.display).text();
}

std::string textOf(const MissedCall& missed) {
  return JsonWriter().add("call", missed.call).add("from", missed.from).add("ago_s", missed.ago_s).text();
}

std::string textOf(const UserPresence& presence) {
  return JsonWriter().add("user", presence.user).add("state", word(presence.state)).text();
}

template <typename T>
std::string arrayOf(const std::vector<T>& values) {
  std::vector<std::string> texts;
  for (const auto& value : values) texts.push_back(textOf(value));
  return arrayOf(texts);
}

struct OkBody {
  JsonWriter& to;

  void operator()(std::monostate) const {}
  void operator()(const LoggedIn& login) const {
    to.add("user", login.user).add("resume", login.resume).addRaw("ice_servers", arrayOf(login.ice_servers));
    if (login.ice_expires_s) to.add("ice_expires_s", *login.ice_expires_s);
    if (login.resumed) to.add("resumed", true);
    if (!login.missed.empty()) to.addRaw("missed", arrayOf(login.missed));
    if (login.expires_s) to.add("expires_s", *login.expires_s);
    if (login.ack) to.add("ack", *login.ack);
  }
  void operator()(const UserList& list) const { to.addRaw("users", arrayOf(list.users)); }
  void operator()(const PresenceList& list) const { to.addRaw("presence", arrayOf(list.presence)); }
  void operator()(const IceServerList& list) const {
    to.addRaw("ice_servers", arrayOf(list.ice_servers));
    if (list.expires_s) to.add("ice_expires_s", *list.expires_s);
  }
  void operator()(const TokenRenewed& renewed) const { to.add("expires_s", renewed.expires_s); }
};

struct Encoder {
  JsonWriter& to;

  void operator()(const Ok& ok) const {
    to.add("type", "ok").add("id", ok.id);
    std::visit(OkBody{to}, ok.body);
  }
  void operator()(const RequestError& error) const {
    to.add("type", "error").addIf("id", error.id).add("code", word(error.code)).add("message", error.message);
    if (error.retry_ms != 0) to.add("retry_ms", error.retry_ms);
  }
  void operator()(const IncomingCall& call) const {
    to.add("type", "call").add("call", call.call).add("from", call.from);
    to.addRaw("media", JsonWriter().add("audio", call.media.audio).add("video", call.media.video).text());
    to.addIf("display", call.display).addIf("group", call.group);
  }
  void operator()(const PeerRinging& ringing) const { fromPeer("ringing", ringing); }
  void operator()(const PeerAccepted& accepted) const { fromPeer("accept", accepted); }
  void operator()(const PeerOffer& offer) const { fromPeer("offer", offer).addRaw("offer", offer.offer.text); }
  void operator()(const PeerAnswer& answer) const { fromPeer("answer", answer).addRaw("answer", answer.answer.text); }
  void operator()(const PeerCandidate& candidate) const {
    fromPeer("candidate", candidate).addRaw("candidate", candidate.candidate.text);
  }
  void operator()(const PeerReconnects& reconnects) const {
    fromPeer("reconnect", reconnects).add("connection", reconnects.connection);
  }
  void operator()(const Ended& ended) const {
    to.add("type", "ended").add("call", ended.call).add("reason", word(ended.reason)).addIf("by", ended.by);
  }
  void operator()(const Ticket& ticket) const {
    to.add("type", "ticket").add("call", ticket.call).add("with", ticket.with).add("role", word(ticket.role));
    to.add("secret", ticket.secret);
  }
  void operator()(const PresenceChanged& changed) const {
    to.add("type", "presence").add("user", changed.presence.user).add("state", word(changed.presence.state));
  }
  void operator()(const TokenExpires& expires) const { to.add("type", "token_expires").add("in_s", expires.in_s); }
  void operator()(const Acknowledged& word) const { to.add("type", "ack").add("ack", word.ack); }
  void operator()(const GoAway& go_away) const { to.add("type", "goaway").add("reconnect_ms", go_away.reconnect_ms); }
  void operator()(const BookLogin& login) const { to.add("type", "login").add("success", login.success); }
  void operator()(const BookLeave&) const { to.add("type", "leave"); }
  void operator()(const BookError& error) const { to.add("type", "error").add("message", error.message); }
  void operator()(const BookOffer& offer) const {
    to.add("type", "offer").addRaw("offer", offer.offer.text).addIf("name", offer.name);
  }
  void operator()(const BookAnswer& answer) const { to.add("type", "answer").addRaw("answer", answer.answer.text); }
  void operator()(const BookCandidate& candidate) const {
    to.add("type", "candidate").addRaw("candidate", candidate.candidate.text);
  }

  template <typename Message>
  JsonWriter& fromPeer(const char* type, const Message& message) const {
    return to.add("type", type).add("call", message.call).add("from", message.from);
  }
};

// --- From text -------------------------------------------------------------------------------------------------------

struct Source {
  const JsonFields& fields;

  std::string string(const char* name) const { return fields.string(name); }
  std::string call() const { return fields.string("call"); }
  std::string from() const { return fields.string("from"); }
  Json payload(std::string_view name) const { return {std::string(fields.raw(name))}; }
};

std::vector<IceServer> iceServers(const Source& source) {
  std::vector<IceServer> servers;
  for (const auto& server : source.fields.array("ice_servers")) {
    servers.push_back({server.strings("urls"), server.string("username"), server.string("credential")});
  }
  return servers;
}

LoggedIn loggedIn(const Source& source) {
  LoggedIn login{source.string("user"), source.string("resume"), iceServers(source),
                 source.fields.boolean("resumed").value_or(false)};
  for (const auto& missed : source.fields.array("missed")) {
    login.missed.push_back({missed.string("call"), missed.string("from"), missed.integer("ago_s").value_or(0)});
  }
  login.expires_s = source.fields.integer("expires_s");
  login.ack = source.fields.integer("ack");
  login.ice_expires_s = source.fields.integer("ice_expires_s");
  return login;
}

UserPresence presence(const JsonFields& fields) {
  return {fields.string("user"), presenceStateOf(fields.string("state"))};
}

decltype(Ok::body) okBody(const Source& source) {
  if (source.fields.has("user")) return loggedIn(source);
  if (source.fields.has("users")) {
    UserList list;
    for (const auto& user : source.fields.array("users")) {
      list.users.push_back({user.string("name"), user.boolean("busy").value_or(false), user.string("display")});
    }
    return list;
  }
  if (source.fields.has("presence")) {
    PresenceList list;
    for (const auto& each : source.fields.array("presence")) list.presence.push_back(presence(each));
    return list;
  }
  if (source.fields.has("ice_servers")) {
    return IceServerList{iceServers(source), source.fields.integer("ice_expires_s")};
  }
  if (const auto expires = source.fields.integer("expires_s")) return TokenRenewed{*expires};
  return std::monostate{};
}

ServerMessage ok(const Source& source) {
  return Ok{source.string("id"), okBody(source)};
}

ServerMessage error(const Source& source) {
  return RequestError{source.string("id"), errorCodeOf(source.string("code")).value_or(ErrorCode::Internal),
                      source.string("message"), source.fields.integer("retry_ms").value_or(0)};
}

ServerMessage ticket(const Source& source) {
  const bool callee = source.string("role") == word(CallRole::Callee);
  return Ticket{source.call(), source.string("with"), callee ? CallRole::Callee : CallRole::Caller,
                source.string("secret")};
}

ServerMessage incomingCall(const Source& source) {
  const auto media = source.fields.object("media");
  return IncomingCall{source.call(), source.from(),
                      Media{media.boolean("audio").value_or(true), media.boolean("video").value_or(true)},
                      source.string("display"), source.string("group")};
}

ServerMessage ended(const Source& source) {
  // A newer service may know more reasons; the call has ended all the same.
  return Ended{source.call(), reasonOf(source.string("reason")).value_or(Reason::Hangup), source.string("by")};
}

using Decoder = std::function<ServerMessage(const Source&)>;

const std::unordered_map<std::string, Decoder>& decoders() {
  static const std::unordered_map<std::string, Decoder> by_type = {
      {"ok", ok},
      {"error", error},
      {"call", incomingCall},
      {"ringing",
       [](const Source& source) {
         return PeerRinging{source.call(), source.from()};
       }},
      {"accept",
       [](const Source& source) {
         return PeerAccepted{source.call(), source.from()};
       }},
      {"offer",
       [](const Source& source) {
         return PeerOffer{source.call(), source.from(), source.payload("offer")};
       }},
      {"answer",
       [](const Source& source) {
         return PeerAnswer{source.call(), source.from(), source.payload("answer")};
       }},
      {"candidate",
       [](const Source& source) {
         return PeerCandidate{source.call(), source.from(), source.payload("candidate")};
       }},
      {"reconnect",
       [](const Source& source) {
         return PeerReconnects{source.call(), source.from(), source.fields.integer("connection").value_or(0)};
       }},
      {"ended", ended},
      {"ticket", ticket},
      {"presence", [](const Source& source) { return PresenceChanged{presence(source.fields)}; }},
      {"token_expires", [](const Source& source) { return TokenExpires{source.fields.integer("in_s").value_or(0)}; }},
      {"ack", [](const Source& source) { return Acknowledged{source.fields.integer("ack").value_or(0)}; }},
      {"goaway", [](const Source& source) { return GoAway{source.fields.integer("reconnect_ms").value_or(0)}; }},
  };
  return by_type;
}

}  // namespace

Result<NumberedMessage> decodeNumberedMessage(std::string_view text) {
  if (text.size() > kMaxServerMessageBytes) return Error{"a message that is too large"};
  const auto fields = JsonFields::parse(std::string(text));
  if (!fields) return fields.error();
  const auto decoder = decoders().find(fields.value().string("type"));
  if (decoder == decoders().end()) {
    return Error{"a message of unknown type " + fields.value().javaScriptText("type")};
  }
  const Numbers numbers{fields.value().integer("seq").value_or(0), fields.value().integer("ack").value_or(0)};
  return NumberedMessage{decoder->second({fields.value()}), numbers};
}

Result<ServerMessage> decodeServerMessage(std::string_view text) {
  auto decoded = decodeNumberedMessage(text);
  if (!decoded) return decoded.error();
  return std::move(decoded.value().message);
}

std::string encode(const ServerMessage& message, Numbers numbers) {
  JsonWriter to;
  std::visit(Encoder{to}, message);
  if (numbers.seq != 0) to.add("seq", numbers.seq);
  if (numbers.ack != 0) to.add("ack", numbers.ack);
  return to.text();
}

}  // namespace rtc::signaling
