// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a later description of ours must keep of the one before it, and `webrtcbin` 1.22 does not.
#pragma once

#include "plugins/core/sdp.hpp"

namespace rtc::core {

/// Each section goes on announcing the RTP streams that it announced `before`. Those of retransmission get another SSRC
/// with each offer, while what is sent has the first one for ever, and would be taken for a stranger's.
Sdp keepingStreams(Sdp description, const Sdp& before);

}  // namespace rtc::core
