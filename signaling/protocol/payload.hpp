// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What clients put into the payloads that the service never looks into: descriptions and candidates, in the form in
// which a browser's `JSON.stringify` writes them. Reentrant.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

/// A call's peer connections are numbered from 1. Who says no number knows of no other than the first.
using ConnectionNumber = std::optional<int>;

struct Description {
  std::string type;  ///< `offer` or `answer`
  std::string sdp;
  ConnectionNumber connection = {};
};

struct IceCandidate {
  std::string candidate;  ///< empty: there will be no more
  std::string sdp_mid;
  int sdp_m_line_index = 0;
  ConnectionNumber connection = {};
};

Json toJson(const Description& description);
Json toJson(const IceCandidate& candidate);
Result<Description> descriptionFrom(const Json& payload);
/// JSON `null` says the end of the candidates, as an empty candidate does.
Result<IceCandidate> candidateFrom(const Json& payload);

}  // namespace rtc::signaling
