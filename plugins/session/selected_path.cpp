// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/selected_path.hpp"

#include "base/signal.hpp"

namespace rtc {

void SelectedPath::watch(GstElement* webrtcbin) {
  GObject* ice_object = nullptr;
  g_object_get(webrtcbin, "ice-agent", &ice_object, nullptr);
  const auto ice = adopt(ice_object);  // never sunk: webrtcbin itself holds it floating
  if (!ice || g_object_class_find_property(G_OBJECT_GET_CLASS(ice.get()), "agent") == nullptr) return;
  GObject* agent_object = nullptr;
  g_object_get(ice.get(), "agent", &agent_object, nullptr);
  const auto agent = adopt(agent_object);
  if (!agent) return;
  // The stream, the component, and both foundations.
  connectSignal<void(guint, guint, const char*, const char*)>(
      agent.get(), "new-selected-pair",
      [selected = selected_](guint, guint, const char* local_foundation, const char* remote_foundation) {
        selected->with([&](auto& last) { last = Foundations(local_foundation, remote_foundation); });
      });
}

std::optional<SelectedPath::Path> SelectedPath::path() const {
  const auto selected = selected_->copy();
  if (!selected) return std::nullopt;
  return Path{local_.kindOf(selected->first), remote_.kindOf(selected->second)};
}

}  // namespace rtc
