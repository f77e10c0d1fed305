// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/element/running_call.hpp"

#include "base/guarded.hpp"
#include "tests/support/check.hpp"

namespace rtc::testing {

namespace {

/// Each session makes its own on a thread of its own.
Guarded<std::vector<GstElement*>>& watchedPipelines() {
  static Guarded<std::vector<GstElement*>> pipelines;
  return pipelines;
}

}  // namespace

void watchPeerPipelines() {
  gst_init(nullptr, nullptr);
  watchedPipelines().with([](auto& pipelines) { pipelines.clear(); });
  static gulong hook = 0;
  if (hook != 0) return;
  g_type_class_unref(g_type_class_ref(GST_TYPE_BIN));
  hook = g_signal_add_emission_hook(
      g_signal_lookup("element-added", GST_TYPE_BIN), 0,
      [](GSignalInvocationHint*, guint, const GValue* values, gpointer) noexcept -> gboolean {
        auto* bin = GST_ELEMENT(g_value_get_object(&values[0]));
        const auto* factory = gst_element_get_factory(GST_ELEMENT(g_value_get_object(&values[1])));
        if (factory != nullptr && g_strcmp0(GST_OBJECT_NAME(factory), "webrtcbin") == 0) {
          watchedPipelines().with([bin](auto& pipelines) { pipelines.push_back(bin); });
        }
        return TRUE;
      },
      nullptr, nullptr);
}

std::vector<GstElement*> peerPipelines() {
  return watchedPipelines().copy();
}

Ptr<GstElement> elementIn(GstElement* bin, const char* factory) {
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin), factory);
  GValue found = G_VALUE_INIT;
  GstElement* element = nullptr;
  if (gst_iterator_next(all, &found) == GST_ITERATOR_OK) {
    element = GST_ELEMENT(g_value_dup_object(&found));
    g_value_unset(&found);
  }
  gst_iterator_free(all);
  return adopt(element);
}

guint64 jitterBufferCount(GstElement* pipeline, const char* field) {
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), "rtpjitterbuffer");
  guint64 count = 0;
  const auto add = [&](const GValue* element) {
    GstStructure* stats = nullptr;
    g_object_get(g_value_get_object(element), "stats", &stats, nullptr);
    guint64 one = 0;
    gst_structure_get_uint64(stats, field, &one);
    gst_structure_free(stats);
    count += one;
  };
  gst_iterator_foreach(
      all, [](const GValue* element, gpointer use) noexcept { (*static_cast<decltype(add)*>(use))(element); },
      const_cast<gpointer>(static_cast<const void*>(&add)));
  gst_iterator_free(all);
  return count;
}

guint packetsHeardOf(GstElement* pipeline) {
  const auto bin = elementIn(pipeline, "rtpbin");
  GObject* found = nullptr;
  g_signal_emit_by_name(bin.get(), "get-session", 0, &found);
  const auto session = adopt(found);
  GstStructure* stats = nullptr;
  g_object_get(session.get(), "twcc-stats", &stats, nullptr);
  if (stats == nullptr) return 0;
  guint received = 0;
  gst_structure_get_uint(stats, "packets-recv", &received);
  gst_structure_free(stats);
  return received;
}

RunningCall::RunningCall(const std::string& picture, int recovery_ms, const std::string& viewing,
                         const std::string& settings) {
  watchPeerPipelines();
  const auto session = [&](const char* user) {
    return " peer-timeout=60000 recovery-timeout=" + std::to_string(recovery_ms) + " server=" + service.uri() +
           " user=" + user + ' ' + settings;
  };
  cam = std::make_unique<TestPipeline>(picture + " ! rtcsignalsink name=out" + session("cam"));
  viewer = std::make_unique<TestPipeline>("rtcsignalsrc name=in peer=cam " + viewing + session("viewer"));
  cam->play();
  ck_assert(cam->posts("rtc-session", {{"state", "online"}}));
  viewer->play();
  ck_assert(viewer->reaches("video-in-decoded", 1));
  ck_assert(cam->callGets("connected"));
  const auto both = peerPipelines();
  ck_assert(both.size() == 2);
  const std::size_t receiving = elementIn(both[0], "rtpptdemux") ? 0 : 1;
  viewers_pipeline = both[receiving];
  cams_pipeline = both[1 - receiving];
}

}  // namespace rtc::testing
