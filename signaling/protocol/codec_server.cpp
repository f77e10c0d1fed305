// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the service says.
#include <functional>
#include <unordered_map>

#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/error_code.hpp"
#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_outline.hpp"
#include "signaling/protocol/json_writer.hpp"
#include "signaling/protocol/limits.hpp"

namespace rtc::signaling {

namespace {

// --- To text ---------------------------------------------------------------------------------------------------------

std::string arrayOf(const std::vector<std::string>& elements) {
  std::string text;
  for (const auto& element : elements) text += (text.empty() ? "" : ",") + element;
  return "[" + text + "]";
}

std::string textOf(const IceServer& server) {
  std::vector<std::string> urls;
  for (const auto& url : server.urls) urls.push_back(quoted(url));
  return JsonWriter()
      .addRaw("urls", arrayOf(urls))
      .addIf("username", server.username)
      .addIf("credential", server.credential)
      .text();
}

struct OkBody {
  JsonWriter& to;

  void operator()(std::monostate) const {}
  void operator()(const LoggedIn& login) const {
    std::vector<std::string> servers;
    for (const auto& server : login.ice_servers) servers.push_back(textOf(server));
    to.add("user", login.user).add("resume", login.resume).addRaw("ice_servers", arrayOf(servers));
    if (login.resumed) to.add("resumed", true);
  }
  void operator()(const UserList& list) const {
    std::vector<std::string> users;
    for (const auto& user : list.users) {
      users.push_back(JsonWriter().add("name", user.name).add("busy", user.busy).text());
    }
    to.addRaw("users", arrayOf(users));
  }
};

struct Encoder {
  JsonWriter& to;

  void operator()(const Ok& ok) const {
    to.add("type", "ok").add("id", ok.id);
    std::visit(OkBody{to}, ok.body);
  }
  void operator()(const RequestError& error) const {
    to.add("type", "error").addIf("id", error.id).add("code", word(error.code)).add("message", error.message);
  }
  void operator()(const IncomingCall& call) const {
    to.add("type", "call").add("call", call.call).add("from", call.from);
    to.addRaw("media", JsonWriter().add("audio", call.media.audio).add("video", call.media.video).text());
  }
  void operator()(const PeerRinging& ringing) const { fromPeer("ringing", ringing); }
  void operator()(const PeerAccepted& accepted) const { fromPeer("accept", accepted); }
  void operator()(const PeerOffer& offer) const { fromPeer("offer", offer).addRaw("offer", offer.offer.text); }
  void operator()(const PeerAnswer& answer) const { fromPeer("answer", answer).addRaw("answer", answer.answer.text); }
  void operator()(const PeerCandidate& candidate) const {
    fromPeer("candidate", candidate).addRaw("candidate", candidate.candidate.text);
  }
  void operator()(const Ended& ended) const {
    to.add("type", "ended").add("call", ended.call).add("reason", word(ended.reason)).addIf("by", ended.by);
  }
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
  const JsonOutline& outline;

  std::string string(const char* name) const { return fields.string(name); }
  std::string call() const { return fields.string("call"); }
  std::string from() const { return fields.string("from"); }
  Json payload(std::string_view name) const { return {std::string(outline.find(name))}; }
};

LoggedIn loggedIn(const Source& source) {
  LoggedIn login{source.string("user"), source.string("resume"), {}, source.fields.boolean("resumed").value_or(false)};
  for (const auto& server : source.fields.array("ice_servers")) {
    IceServer decoded{{}, server.string("username"), server.string("credential")};
    for (const auto& url : server.array("urls")) decoded.urls.push_back(url.text());
    login.ice_servers.push_back(std::move(decoded));
  }
  return login;
}

ServerMessage ok(const Source& source) {
  Ok ok{source.string("id"), {}};
  if (source.fields.has("user")) ok.body = loggedIn(source);
  if (source.fields.has("users")) {
    UserList list;
    for (const auto& user : source.fields.array("users")) {
      list.users.push_back({user.string("name"), user.boolean("busy").value_or(false)});
    }
    ok.body = std::move(list);
  }
  return ok;
}

ServerMessage error(const Source& source) {
  return RequestError{source.string("id"), errorCodeOf(source.string("code")).value_or(ErrorCode::Internal),
                      source.string("message")};
}

ServerMessage incomingCall(const Source& source) {
  const auto media = source.fields.object("media");
  return IncomingCall{source.call(), source.from(),
                      Media{media.boolean("audio").value_or(true), media.boolean("video").value_or(true)}};
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
      {"ended", ended},
      {"goaway", [](const Source& source) { return GoAway{source.fields.integer("reconnect_ms").value_or(0)}; }},
  };
  return by_type;
}

}  // namespace

Result<ServerMessage> decodeServerMessage(std::string_view text) {
  if (text.size() > kMaxServerMessageBytes) return Error{"a message that is too large"};
  const auto outline = outlineOf(text);
  if (!outline) return outline.error();
  const auto fields = JsonFields::parse(outline.value().parseable);
  if (!fields) return fields.error();
  const auto decoder = decoders().find(fields.value().string("type"));
  if (decoder == decoders().end()) {
    return Error{"a message of unknown type " + fields.value().javaScriptText("type")};
  }
  return decoder->second({fields.value(), outline.value()});
}

std::string encode(const ServerMessage& message) {
  JsonWriter to;
  std::visit(Encoder{to}, message);
  return to.text();
}

}  // namespace rtc::signaling
