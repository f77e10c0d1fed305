// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/control_codec.hpp"

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
};

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
  if (type != "bye") return std::nullopt;
  return core::Bye{signaling::reasonOf(fields.value().string("reason")).value_or(signaling::Reason::Hangup)};
}

}  // namespace rtc
