// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/requirements.hpp"

#include <string>

#include "plugins/session/gst_ptr.hpp"
#include "tests/support/check.hpp"

using namespace rtc;

namespace {

/// As if the package of the element were not installed.
void hide(const char* factory) {
  const auto feature = adopt(GST_PLUGIN_FEATURE(gst_element_factory_find(factory)));
  ck_assert_msg(feature != nullptr, "%s is not installed", factory);
  gst_registry_remove_feature(gst_registry_get(), feature.get());
}

std::string listed(const std::vector<Missing>& missing) {
  std::string text;
  for (const auto& each : missing) text += '[' + each.factory + ' ' + each.package + ']';
  return text;
}

}  // namespace

RTC_TEST(a_complete_installation_lacks_nothing) {
  gst_init(nullptr, nullptr);
  RTC_ASSERT_EQ(listed(missingElements()), "");
}

RTC_TEST(what_a_call_is_made_of_is_missed_with_its_package) {
  gst_init(nullptr, nullptr);
  hide("nicesrc");
  hide("rtpvp8pay");
  RTC_ASSERT_EQ(listed(missingElements()), "[nicesrc gstreamer1.0-nice][rtpvp8pay gstreamer1.0-plugins-good]");
}

RTC_TEST(only_what_was_asked_for_is_missed) {
  gst_init(nullptr, nullptr);
  hide("nicesrc");
  hide("opusenc");
  RTC_ASSERT_EQ(listed(missingElements({"queue", "opusenc", "nosuchelement"})),
                "[opusenc gstreamer1.0-plugins-base][nosuchelement ]");
}

RTC_TEST(the_sentence_names_the_packages_to_install) {
  RTC_ASSERT_EQ(sentence({{"nicesrc", "gstreamer1.0-nice"}}),
                "GStreamer lacks nicesrc (Debian package gstreamer1.0-nice). Install what is missing and try again.");
  RTC_ASSERT_EQ(sentence({{"a", "x"}, {"b", ""}, {"c", "y"}}),
                "GStreamer lacks a (Debian package x), b and c (Debian package y). Install what is missing and try "
                "again.");
}
