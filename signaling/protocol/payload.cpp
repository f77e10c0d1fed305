// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/payload.hpp"

#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace rtc::signaling {

Json toJson(const Description& description) {
  return {JsonWriter().add("type", description.type).add("sdp", description.sdp).text()};
}

Json toJson(const IceCandidate& candidate) {
  return {JsonWriter()
              .add("candidate", candidate.candidate)
              .add("sdpMid", candidate.sdp_mid)
              .add("sdpMLineIndex", candidate.sdp_m_line_index)
              .text()};
}

Result<Description> descriptionFrom(const Json& payload) {
  const auto fields = JsonFields::parse(payload.text);
  if (!fields) return fields.error();
  Description description{fields.value().string("type"), fields.value().string("sdp")};
  if (description.sdp.empty()) return Error{"a description without `sdp`"};
  return description;
}

Result<IceCandidate> candidateFrom(const Json& payload) {
  const auto fields = JsonFields::parse(payload.text);
  if (!fields) return fields.error();
  if (!fields.value().isObject() && !fields.value().isNull()) return Error{"a candidate that is not an object"};
  return IceCandidate{fields.value().string("candidate"), fields.value().string("sdpMid"),
                      fields.value().integer("sdpMLineIndex").value_or(0)};
}

}  // namespace rtc::signaling
