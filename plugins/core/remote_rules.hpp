// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a remote description must keep to before `webrtcbin` may see it: each rule stands for an abort, a crash or a
// silent failure of GStreamer 1.22 that a peer could otherwise cause. And the changes that make an allowed one work
// there.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "plugins/core/sdp.hpp"

namespace rtc::core {

/// Checks `remote` by itself, and against the description that it follows in the same call.
Result<Done> checkRemote(const Sdp& remote, const std::optional<Sdp>& previous);

/// Checks that `answer` has the sections of our `offer`, in its order.
Result<Done> checkAnswer(const Sdp& answer, const Sdp& offer);

/// The description as `webrtcbin` is to be given it.
Sdp adaptRemote(Sdp remote);

/// The certificate that the description announces; nothing if its sections disagree or have none.
std::vector<Fingerprint> announcedFingerprints(const Sdp& remote);

}  // namespace rtc::core
