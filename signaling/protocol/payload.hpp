// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What clients put into the payloads that the service never looks into: descriptions and candidates, in the form in
// which a browser's `JSON.stringify` writes them. Reentrant.
#pragma once

#include <string>

#include "base/result.hpp"
#include "signaling/protocol/message.hpp"

namespace rtc::signaling {

struct Description {
  std::string type;  ///< `offer` or `answer`
  std::string sdp;
};

struct IceCandidate {
  std::string candidate;  ///< empty: there will be no more
  std::string sdp_mid;
  int sdp_m_line_index = 0;
};

Json toJson(const Description& description);
Json toJson(const IceCandidate& candidate);
Result<Description> descriptionFrom(const Json& payload);
/// JSON `null` says the end of the candidates, as an empty candidate does.
Result<IceCandidate> candidateFrom(const Json& payload);

}  // namespace rtc::signaling
