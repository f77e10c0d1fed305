// SPDX-License-Identifier: LGPL-2.1-or-later
//
// G9. A lost packet is asked for at once (RFC 4585 section 6.2.1). `rtpsession` would keep the request for one of its
// reports, and those of which it allows so many that few have to wait take a good part of a narrow path.
#pragma once

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// A few of the jitter buffers' requests in a second go to the peer by themselves, as small as it has agreed to (RFC
/// 5506); further ones with the next report. Before `rtp_session` has pads.
void askAtOnce(GstElement* rtp_session);

}  // namespace rtc
