// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// G9. Of the reports that `rtpsession` makes for each of its streams whenever one is due, those go to the peer that
/// somebody needs. Before it has a pad for them.
void sendFewReports(GstElement* rtp_session);

}  // namespace rtc
