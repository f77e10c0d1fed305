// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/control_codec.hpp"

#include <algorithm>

#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_outline.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace rtc {

using signaling::JsonFields;
using signaling::JsonWriter;

namespace {

struct Encode {
  std::string operator()(const core::Heartbeat& beat) const {
    return JsonWriter().add("type", "heartbeat").add("number", beat.number).text();
  }
  std::string operator()(const core::Alive& alive) const {
    return JsonWriter().add("type", "alive").add("number", alive.number).text();
  }
  std::string operator()(const core::Bye& bye) const {
    return JsonWriter().add("type", "bye").add("reason", signaling::word(bye.reason)).text();
  }
  std::string operator()(const core::LaneMessage& message) const { return std::visit(*this, message); }
  std::string operator()(const core::StreamMessage& message) const { return std::visit(*this, message); }
  std::string operator()(const core::StreamsWanted& wanted) const {
    return JsonWriter().add("type", "streams_wanted").add("video", wanted.video).add("audio", wanted.audio).text();
  }
  std::string operator()(const core::Redescription& description) const {
    const bool offer = description.type == core::DescriptionType::Offer;
    return JsonWriter().add("type", offer ? "offer" : "answer").add("sdp", description.sdp).text();
  }
  std::string operator()(const core::StreamNews& news) const {
    return JsonWriter().add("type", "stream").add("section", news.section).add("state", core::word(news.state)).text();
  }
  std::string operator()(const core::LaneOffer& offer) const {
    return JsonWriter().add("type", "lane_offer").add("lane", offer.lane).add("sdp", offer.sdp).text();
  }
  std::string operator()(const core::LaneAnswer& answer) const {
    return JsonWriter().add("type", "lane_answer").add("lane", answer.lane).add("sdp", answer.sdp).text();
  }
  std::string operator()(const core::LaneCandidate& said) const {
    return JsonWriter()
        .add("type", "lane_candidate")
        .add("lane", said.lane)
        .add("candidate", said.candidate)
        .add("mid", said.mid)
        .text();
  }
  std::string operator()(const core::LaneClose& close) const {
    return JsonWriter().add("type", "lane_close").add("lane", close.lane).text();
  }
};

std::optional<core::StreamMessage> streamMessage(const std::string& type, const JsonFields& fields) {
  using core::DescriptionType;
  if (type == "streams_wanted") {
    const auto count = [&fields](const char* name) { return std::max(0, fields.integer(name).value_or(0)); };
    return core::StreamsWanted{count("video"), count("audio")};
  }
  if (type == "offer") return core::Redescription{DescriptionType::Offer, fields.string("sdp")};
  if (type == "answer") return core::Redescription{DescriptionType::Answer, fields.string("sdp")};
  if (type != "stream") return std::nullopt;
  const auto section = fields.integer("section");
  const auto state = core::streamStateOf(fields.string("state"));
  if (!section || !state) return std::nullopt;
  return core::StreamNews{*section, *state};
}

std::optional<core::LaneMessage> laneMessage(const std::string& type, const JsonFields& fields) {
  const auto lane = fields.integer("lane");
  if (!lane) return std::nullopt;
  if (type == "lane_offer") return core::LaneOffer{*lane, fields.string("sdp")};
  if (type == "lane_answer") return core::LaneAnswer{*lane, fields.string("sdp")};
  if (type == "lane_candidate") return core::LaneCandidate{*lane, fields.string("candidate"), fields.string("mid")};
  if (type == "lane_close") return core::LaneClose{*lane};
  return std::nullopt;
}

}  // namespace

std::string encodeControl(const core::Control& message) {
  return std::visit(Encode{}, message);
}

std::optional<core::Control> decodeControl(const std::string& text) {
  const auto fields = JsonFields::parse(text);
  if (!fields || !fields.value().isObject()) return std::nullopt;
  const auto type = fields.value().string("type");
  const auto number = fields.value().integer("number").value_or(0);
  if (type == "heartbeat") return core::Heartbeat{number};
  if (type == "alive") return core::Alive{number};
  if (type.starts_with("lane_")) {
    const auto message = laneMessage(type, fields.value());
    return message ? std::optional<core::Control>(*message) : std::nullopt;
  }
  if (const auto message = streamMessage(type, fields.value())) return *message;
  if (type != "bye") return std::nullopt;
  return core::Bye{signaling::reasonOf(fields.value().string("reason")).value_or(signaling::Reason::Hangup)};
}

}  // namespace rtc
