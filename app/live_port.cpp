// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/live_port.hpp"

#include <utility>

#include "app/gst_ptr.hpp"

namespace rtc::app {

void LivePort::letGoOn(GstElement* part) {
  auto top = share(part);
  while (auto* parent = gst_object_get_parent(GST_OBJECT(top.get()))) top = adopt(GST_ELEMENT(parent));
  GST_OBJECT_LOCK(top.get());
  const auto target = GST_STATE_TARGET(top.get());
  GST_OBJECT_UNLOCK(top.get());
  gst_element_set_state(top.get(), target);
}

}  // namespace rtc::app
