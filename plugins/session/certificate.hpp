// SPDX-License-Identifier: LGPL-2.1-or-later
//
// DTLS certificates: GStreamer 1.22 does not compare the one it receives with the description's fingerprint (RFC 8122
// section 6.2), so the session does.
#pragma once

#include <string>
#include <vector>

#include "plugins/core/sdp.hpp"

namespace rtc {

/// Whether the certificate (PEM) has one of the announced fingerprints: of those by the strongest hash function that we
/// know (RFC 8122 section 5). Unknown hash functions and bad PEM match nothing.
bool certificateMatches(const std::string& pem, const std::vector<core::Fingerprint>& announced);

}  // namespace rtc
