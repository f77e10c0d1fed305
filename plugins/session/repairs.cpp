// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/repairs.hpp"

#include <string_view>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

void Repairs::watch(GstElement* webrtcbin) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added", [budget = budget_](GstBin*, GstElement* child) {
        auto* factory = gst_element_get_factory(child);
        if (factory == nullptr || std::string_view(GST_OBJECT_NAME(factory)) != "rtprtxsend") return;
        const auto grant = [budget](GstPad*, GstPadProbeInfo* info) {
          const auto* asked = gst_event_get_structure(GST_PAD_PROBE_INFO_EVENT(info));
          if (asked == nullptr || !gst_structure_has_name(asked, "GstRTPRetransmissionRequest")) {
            return GST_PAD_PROBE_OK;
          }
          const bool granted = budget->with([](core::RepairBudget& mine) { return mine.take(SteadyClock().now()); });
          return granted ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
        };
        addProbe(staticPad(child, "src").get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, grant);
      });
}

void Repairs::allow(std::optional<double> rate) {
  budget_->with([rate](core::RepairBudget& budget) { budget.allow(rate); });
}

}  // namespace rtc
