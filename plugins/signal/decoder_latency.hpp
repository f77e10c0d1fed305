// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What decoding sound really takes. `opusdec` claims 120 ms as soon as it repairs losses from the packet that follows,
// for that is how long a packet may last; those of calls last 20 ms, and all that the pipeline plays would wait for the
// rest.
#pragma once

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Answers latency queries in place of a decoder of Opus.
void answerLatencyFor(GstElement* opus_decoder);

}  // namespace rtc
