// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/payload.hpp"

#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace rtc::signaling {

namespace {

ConnectionNumber numberIn(const JsonFields& fields) {
  const auto number = fields.integer("connection");
  return number && *number >= 1 ? number : std::nullopt;
}

}  // namespace

Json toJson(const Description& description) {
  JsonWriter to;
  to.add("type", description.type).add("sdp", description.sdp);
  if (description.connection) to.add("connection", *description.connection);
  return {to.text()};
}

Json toJson(const IceCandidate& candidate) {
  JsonWriter to;
  to.add("candidate", candidate.candidate).add("sdpMid", candidate.sdp_mid);
  to.add("sdpMLineIndex", candidate.sdp_m_line_index);
  if (candidate.connection) to.add("connection", *candidate.connection);
  return {to.text()};
}

Result<Description> descriptionFrom(const Json& payload) {
  const auto fields = JsonFields::parse(payload.text);
  if (!fields) return fields.error();
  Description description{fields.value().string("type"), fields.value().string("sdp"), numberIn(fields.value())};
  if (description.sdp.empty()) return Error{"a description without `sdp`"};
  return description;
}

Result<IceCandidate> candidateFrom(const Json& payload) {
  const auto fields = JsonFields::parse(payload.text);
  if (!fields) return fields.error();
  if (!fields.value().isObject() && !fields.value().isNull()) return Error{"a candidate that is not an object"};
  return IceCandidate{fields.value().string("candidate"), fields.value().string("sdpMid"),
                      fields.value().integer("sdpMLineIndex").value_or(0), numberIn(fields.value())};
}

}  // namespace rtc::signaling
