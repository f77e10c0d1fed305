// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a value becomes once GStreamer has read the pipeline: the same value, and nothing besides.
#include <gst/gst.h>

#include "app/gst_ptr.hpp"
#include "app/launch_text.hpp"
#include "tests/support/check.hpp"

using namespace rtc;

RTC_TEST(gstreamer_reads_back_each_value_and_makes_nothing_else_of_it) {
  gst_init(nullptr, nullptr);
  for (const char* value : {"plain",
                            "",
                            " ",
                            "two words",
                            "a ! filesink location=/tmp/x",
                            "quote\"",
                            "\"quoted\"",
                            "\"",
                            "\"\"",
                            "it's",
                            "'",
                            "\\",
                            "ends with \\",
                            "\\\\",
                            "\\\"",
                            "a=b",
                            "x;y,z",
                            "(a) {b} [c]",
                            "#no comment",
                            "$HOME ${x} `id`",
                            "Zoë ☎",
                            "\"Zoë\"",
                            "video/x-raw,width=1",
                            "ws://[::1]:8888/?a=b&c",
                            "~",
                            "a.b"}) {
    const auto text = app::fillIn("identity name=before\nfilesrc name=f location=${v}\nidentity name=after",
                                  {{"v", {app::Parameter::Kind::Value, value}}});
    RTC_ASSERT(text.ok());
    Out<GError> error;
    const auto pipeline =
        sink(gst_parse_launch_full(text.value().c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error));
    ck_assert_msg(pipeline != nullptr, "%s: %s", text.value().c_str(), error ? error->message : "");
    ck_assert_msg(GST_BIN_NUMCHILDREN(GST_BIN(pipeline.get())) == 3, "other elements came of %s", text.value().c_str());
    const auto file = adopt(gst_bin_get_by_name(GST_BIN(pipeline.get()), "f"));
    gchar* location = nullptr;
    g_object_get(file.get(), "location", &location, nullptr);
    const auto read = adopt(location);
    ck_assert_msg(std::string(read ? read.get() : "") == value, "“%s” became “%s” by %s", value, read ? read.get() : "",
                  text.value().c_str());
  }
}
