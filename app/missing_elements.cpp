// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/missing_elements.hpp"

#include <initializer_list>
#include <string_view>
#include <utility>

RTC_OWN_UNIQUE(gchar*, g_strfreev);

namespace rtc::app {

namespace {

/// Debian's package for an element that our launch files, or the sources that we choose, name.
std::string_view packageOf(std::string_view factory) {
  using Names = std::initializer_list<std::string_view>;
  static const std::pair<std::string_view, Names> kPackages[] = {
      {"gstreamer1.0-plugins-base",
       {"audioconvert", "audioresample", "audiotestsrc", "clockoverlay", "decodebin", "opusenc", "opusdec",
        "textoverlay", "timeoverlay", "uridecodebin", "videoconvert", "videorate", "videoscale", "videotestsrc"}},
      {"gstreamer1.0-plugins-good",
       {"autoaudiosink", "autoaudiosrc", "autovideosink", "level", "pngenc", "v4l2src", "vp8enc", "vp8dec"}},
      {"gstreamer1.0-plugins-bad", {"webrtcbin", "webrtcdsp", "webrtcechoprobe"}},
      {"gstreamer1.0-nice", {"nicesrc", "nicesink"}},
  };
  for (const auto& [package, names] : kPackages) {
    for (const auto name : names) {
      if (name == factory) return package;
    }
  }
  return "";
}

std::string missing(GstParseContext* context) {
  std::string sentence;
  const auto names = adopt(gst_parse_context_get_missing_elements(context));
  for (gchar** name = names.get(); name != nullptr && *name != nullptr; ++name) {
    if (!sentence.empty()) sentence += ' ';
    sentence += "The element “" + std::string(*name) + "” is not there. " + adviceFor(*name);
  }
  return sentence;
}

template <typename Make>
Result<Ptr<GstElement>> made(const std::string& description, const Make& make) {
  const auto context = adopt(gst_parse_context_new());
  Out<GError> error;
  GstElement* element = make(description.c_str(), context.get(), &error);
  // With a floating reference, or none where it failed.
  auto owned = element == nullptr ? nullptr : sink(element);
  if (owned && !error) return owned;
  // An element that refused a property is among the missing ones, too.
  const bool known = error && !g_error_matches(error.get(), GST_PARSE_ERROR, GST_PARSE_ERROR_NO_SUCH_ELEMENT);
  const auto absent = known ? std::string() : missing(context.get());
  if (!absent.empty()) return Error{absent};
  return Error{"The pipeline is not right: " + std::string(error ? error->message : "nothing came of it") + "."};
}

}  // namespace

Result<Ptr<GstElement>> makePipeline(const std::string& description) {
  auto element = made(description, [](const char* text, GstParseContext* context, GError** error) {
    return gst_parse_launch_full(text, context, GST_PARSE_FLAG_FATAL_ERRORS, error);
  });
  if (!element || GST_IS_PIPELINE(element.value().get())) return element;
  // A single element comes without a pipeline around it.
  auto pipeline = sink(gst_pipeline_new(nullptr));
  gst_bin_add(GST_BIN(pipeline.get()), element.value().get());
  return pipeline;
}

Result<Ptr<GstElement>> makeBin(const std::string& description) {
  return made(description, [](const char* text, GstParseContext* context, GError** error) {
    return gst_parse_bin_from_description_full(text, TRUE, context, GST_PARSE_FLAG_FATAL_ERRORS, error);
  });
}

std::string adviceFor(const std::string& factory) {
  if (factory.starts_with("rtc")) {
    return "It is part of gst-rtc: is GST_PLUGIN_PATH the folder of libgstrtc.so? (`./dev shell` sets it.)";
  }
  const auto package = packageOf(factory);
  if (package.empty()) return "`gst-inspect-1.0 " + factory + "` should know it.";
  return "On Debian and Ubuntu: apt install " + std::string(package) + ".";
}

}  // namespace rtc::app
