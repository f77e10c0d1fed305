// SPDX-License-Identifier: LGPL-2.1-or-later
//
// DTLS certificates: GStreamer 1.22 does not compare the one it receives with the description's fingerprint (RFC 8122
// section 6.2), so the session does.
#pragma once

#include <string>

#include "plugins/core/sdp.hpp"

namespace rtc {

/// Whether the certificate (PEM) has the announced fingerprint. An unknown hash function or bad PEM matches nothing.
bool certificateMatches(const std::string& pem, const core::Fingerprint& announced);

}  // namespace rtc
