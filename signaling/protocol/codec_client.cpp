// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a client says.
#include <functional>
#include <unordered_map>

#include "signaling/protocol/call_role.hpp"
#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"
#include "signaling/protocol/limits.hpp"
#include "signaling/protocol/message_type.hpp"

namespace rtc::signaling {

namespace {

struct Source {
  const JsonFields& fields;

  std::string string(const char* name) const { return fields.string(name); }
  std::string call() const { return fields.string("call"); }
  std::string name() const { return fields.string("name"); }
  Json payload(std::string_view name) const { return {std::string(fields.raw(name))}; }
  /// A word of a newer version must not keep a call alive, so it counts as the plain one.
  Reason reason(Reason plain) const { return reasonOf(fields.string("reason")).value_or(plain); }
};

ClientBody login(const Source& from) {
  Login login{from.name(), std::nullopt, from.string("token"), from.string("resume")};
  // A version that is no number is one that we do not speak.
  if (from.fields.has("version")) login.version = from.fields.integer("version").value_or(0);
  login.ack = from.fields.integer("ack");
  login.visible = from.fields.boolean("visible").value_or(false);
  login.groups = from.fields.strings("groups");
  return login;
}

ClientBody reattach(const Source& from) {
  const bool callee = from.string("role") == word(CallRole::Callee);
  return Reattach{from.call(), from.string("with"), callee ? CallRole::Callee : CallRole::Caller,
                  from.string("secret")};
}

ClientBody call(const Source& from) {
  const auto media = from.fields.object("media");
  return Call{from.call(), from.string("to"),
              Media{media.boolean("audio").value_or(true), media.boolean("video").value_or(true)}};
}

ClientBody decline(const Source& from) {
  const bool busy = from.reason(Reason::Declined) == Reason::Busy;
  return Decline{from.call(), busy ? Reason::Busy : Reason::Declined};
}

using Decoder = std::function<ClientBody(const Source&)>;

const std::unordered_map<std::string, Decoder>& decoders() {
  static const std::unordered_map<std::string, Decoder> by_type = {
      {"login", login},
      {"users", [](const Source&) { return ListUsers{}; }},
      {"watch", [](const Source& from) { return Watch{from.fields.strings("users")}; }},
      {"presence", [](const Source& from) { return SetPresence{from.fields.boolean("visible").value_or(false)}; }},
      {"ice", [](const Source&) { return GetIceServers{}; }},
      {"token", [](const Source& from) { return RenewToken{from.string("token")}; }},
      {"reattach", reattach},
      {"ack", [](const Source&) { return Acknowledge{}; }},
      {"call", call},
      {"ringing", [](const Source& from) { return Ringing{from.call()}; }},
      {"accept", [](const Source& from) { return Accept{from.call()}; }},
      {"decline", decline},
      {"cancel", [](const Source& from) { return Cancel{from.call()}; }},
      {"offer",
       [](const Source& from) {
         return Offer{from.call(), from.name(), from.payload("offer")};
       }},
      {"answer",
       [](const Source& from) {
         return Answer{from.call(), from.name(), from.payload("answer")};
       }},
      {"candidate",
       [](const Source& from) {
         return Candidate{from.call(), from.name(), from.payload("candidate")};
       }},
      {"connected", [](const Source& from) { return Connected{from.call()}; }},
      {"reconnect",
       [](const Source& from) {
         return Reconnect{from.call(), from.fields.integer("connection").value_or(0)};
       }},
      {"leave",
       [](const Source& from) {
         return Leave{from.call(), from.name(), from.reason(Reason::Hangup)};
       }},
  };
  return by_type;
}

/// A number is fine as an id too, and comes back as its text.
std::string requestId(const JsonFields& fields) {
  const auto number = fields.integer("id");
  return number ? std::to_string(*number) : fields.string("id");
}

/// A number that we could not say back as it came, or not count with.
std::optional<std::string> wrongNumber(const JsonFields& fields) {
  for (const char* name : {"id", "seq", "ack"}) {
    if (fields.holdsNumber(name) && !fields.integer(name)) return quoted(name) + " is no whole number of 32 bits";
  }
  if (fields.string("id").size() > kMaxRequestIdBytes) {
    return "`id` is longer than " + std::to_string(kMaxRequestIdBytes) + " bytes";
  }
  return std::nullopt;
}

ClientBody bodyOf(const Source& from) {
  // JavaScript compares the type without conversion: `["login"]` prints as `login` and is none.
  const auto decoder = decoders().find(from.string("type"));
  const auto type = from.fields.javaScriptText("type");
  if (const auto wrong = wrongNumber(from.fields)) return Unrecognized{type, *wrong};
  if (decoder != decoders().end()) return decoder->second(from);
  if (!from.fields.isObject()) return Unrecognized{type, "a message is one JSON object"};
  if (!from.fields.has("type")) return Unrecognized{type, "`type` is missing"};
  return Unrecognized{type, "unknown type " + quoted(type)};
}

ClientMessage decode(const Source& from) {
  const Numbers numbers{from.fields.integer("seq").value_or(0), from.fields.integer("ack").value_or(0)};
  auto id = requestId(from.fields);
  // One that is too long to be said back is left out of the refusal.
  if (id.size() > kMaxRequestIdBytes) id.clear();
  return {std::move(id), bodyOf(from), numbers};
}

ClientMessage noMessage(std::string problem) {
  return {"", Unrecognized{"undefined", std::move(problem)}};
}

/// Writes what comes after `type` and `id`. The payload comes before the book's `name`, as the book has it.
struct Encoder {
  JsonWriter& to;

  void operator()(const Login& login) const {
    to.add("name", login.name);
    if (login.version) to.add("version", *login.version);
    to.addIf("token", login.token).addIf("resume", login.resume);
    if (login.ack) to.add("ack", *login.ack);
    if (login.visible) to.add("visible", true);
    if (!login.groups.empty()) to.addRaw("groups", quotedArray(login.groups));
  }
  void operator()(const ListUsers&) const {}
  void operator()(const Watch& watch) const { to.addRaw("users", quotedArray(watch.users)); }
  void operator()(const SetPresence& presence) const { to.add("visible", presence.visible); }
  void operator()(const GetIceServers&) const {}
  void operator()(const RenewToken& renewal) const { to.add("token", renewal.token); }
  void operator()(const Reattach& reattach) const {
    to.add("call", reattach.call).add("with", reattach.with).add("role", word(reattach.role));
    to.add("secret", reattach.secret);
  }
  void operator()(const Acknowledge&) const {}
  void operator()(const Call& call) const {
    to.add("call", call.call).add("to", call.to);
    to.addRaw("media", JsonWriter().add("audio", call.media.audio).add("video", call.media.video).text());
  }
  void operator()(const Ringing& ringing) const { to.add("call", ringing.call); }
  void operator()(const Accept& accept) const { to.add("call", accept.call); }
  void operator()(const Decline& decline) const { to.add("call", decline.call).add("reason", word(decline.reason)); }
  void operator()(const Cancel& cancel) const { to.add("call", cancel.call); }
  void operator()(const Offer& offer) const { relayed(offer, "offer", offer.offer); }
  void operator()(const Answer& answer) const { relayed(answer, "answer", answer.answer); }
  void operator()(const Candidate& candidate) const { relayed(candidate, "candidate", candidate.candidate); }
  void operator()(const Connected& connected) const { to.add("call", connected.call); }
  void operator()(const Reconnect& reconnect) const {
    to.add("call", reconnect.call).add("connection", reconnect.connection);
  }
  void operator()(const Leave& leave) const {
    to.addIf("call", leave.call).addIf("name", leave.name);
    if (!leave.call.empty()) to.add("reason", word(leave.reason));
  }
  void operator()(const Unrecognized&) const {}

  template <typename Message>
  void relayed(const Message& message, std::string_view payload_name, const Json& payload) const {
    to.addIf("call", message.call).addRaw(payload_name, payload.text).addIf("name", message.name);
  }
};

}  // namespace

ClientMessage decodeClientMessage(std::string_view text) {
  if (text.size() > kMaxMessageBytes) {
    return noMessage("the message is larger than " + std::to_string(kMaxMessageBytes) + " bytes");
  }
  const auto fields = JsonFields::parse(std::string(text));
  if (!fields) return noMessage(fields.error().message);
  return decode({fields.value()});
}

std::string encode(const ClientMessage& message) {
  JsonWriter to;
  to.add("type", typeOf(message.body)).addIf("id", message.id);
  if (message.numbers.seq != 0) to.add("seq", message.numbers.seq);
  // A login says it by itself, zero included.
  if (message.numbers.ack != 0) to.add("ack", message.numbers.ack);
  std::visit(Encoder{to}, message.body);
  return to.text();
}

}  // namespace rtc::signaling
