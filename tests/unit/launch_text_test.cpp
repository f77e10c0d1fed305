// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/launch_text.hpp"

#include "tests/support/check.hpp"

using namespace rtc::app;

namespace {

Parameter value(std::string text) {
  return {Parameter::Kind::Value, std::move(text)};
}

std::string filled(std::string_view text, const Parameters& parameters = {}) {
  const auto result = fillIn(text, parameters);
  ck_assert_msg(result.ok(), "%s", result.ok() ? "" : result.error().message.c_str());
  return result.value();
}

std::string refusal(std::string_view text, const Parameters& parameters = {}) {
  const auto result = fillIn(text, parameters);
  ck_assert_msg(!result.ok(), "it is taken: %s", result.ok() ? result.value().c_str() : "");
  return result.error().message;
}

}  // namespace

RTC_TEST(lines_become_one_pipeline_without_comments) {
  RTC_ASSERT_EQ(filled("# what it does\n\n  a ! b  # why\n\tc name=d\n"), "a ! b c name=d");
}

RTC_TEST(a_hash_within_a_word_or_a_quoted_text_is_no_comment) {
  RTC_ASSERT_EQ(filled("a color=#fff b text=\"x # y\" c text='x # y'"), "a color=#fff b text=\"x # y\" c text='x # y'");
}

RTC_TEST(a_parameter_is_filled_in) {
  RTC_ASSERT_EQ(
      filled("a server=${server} user=${my-name_2}", {{"server", value("ws://h:8888/x")}, {"my-name_2", value("bob")}}),
      "a server=ws://h:8888/x user=bob");
}

RTC_TEST(a_default_stands_where_nothing_is_given) {
  RTC_ASSERT_EQ(filled("a token=${token:-\"\"} w=${width:-640}"), "a token=\"\" w=640");
  RTC_ASSERT_EQ(filled("w=${width:-640}", {{"width", value("320")}}), "w=320");
}

RTC_TEST(a_parameter_with_neither_value_nor_default_is_named) {
  RTC_ASSERT(refusal("a x=${colour}").find("colour=VALUE") != std::string::npos);
}

RTC_TEST(a_fragment_is_taken_as_it_is_and_an_absent_one_takes_its_line_along) {
  const Parameters parameters = {{"video", {Parameter::Kind::Fragment, "src ! filter"}},
                                 {"audio", {Parameter::Kind::Absent, ""}}};
  RTC_ASSERT_EQ(filled("${video} ! out.\n${audio} ! out.\nend", parameters), "src ! filter ! out. end");
}

RTC_TEST(a_value_stays_one_value_whatever_is_in_it) {
  const std::pair<const char*, const char*> values[] = {
      {"bob ! filesink location=/etc/passwd", "\\ "},
      {"a\"b", "\\\""},
      {"back\\slash\\", "slash\\\\134"},
      {"it's", "\\'"},
      {"x=y", "\\="},
      {"(bin)", "\\("},
      {"${user}", "\\$"},
  };
  for (const auto& [text, escaped] : values) {
    const auto pipeline = filled("a user=${user} b", {{"user", value(text)}});
    RTC_ASSERT(pipeline.find(escaped) != std::string::npos);
    // No white space of its own, unescaped: the words are `a`, `user=…` and `b`.
    int words = 1;
    for (std::size_t i = 1; i < pipeline.size(); ++i) {
      if (pipeline[i] == ' ' && pipeline[i - 1] != '\\') ++words;
    }
    RTC_ASSERT_EQ(words, 3);
  }
}

RTC_TEST(a_value_that_is_not_plain_is_refused_where_no_escape_helps) {
  const Parameters parameters = {{"x", value("1 ! filesink")}};
  for (const char* text :
       {"video/x-raw,width=${x} ! b", "${x} ! b", "a text=\"${x}\"", "a text=\"hello ${x}\"", "a. ! b${x}"}) {
    RTC_ASSERT(refusal(text, parameters).find("only letters") != std::string::npos);
  }
  RTC_ASSERT_EQ(filled("video/x-raw,width=${x} ! b", {{"x", value("640")}}), "video/x-raw,width=640 ! b");
}

RTC_TEST(a_value_that_needs_quotation_marks_must_be_the_whole_value) {
  RTC_ASSERT_EQ(filled("a x=${x}/y", {{"x", value("two words")}}), "a x=two\\ words/y");
  RTC_ASSERT(refusal("a x=${x}/y", {{"x", value("back\\")}}).find("only letters") != std::string::npos);
  RTC_ASSERT(refusal("a x=y${x}", {{"x", value("\"z")}}).find("only letters") != std::string::npos);
}

RTC_TEST(a_value_with_a_line_end_is_refused) {
  RTC_ASSERT(refusal("a x=${x}", {{"x", value("a\nb")}}).find("control") != std::string::npos);
}

RTC_TEST(broken_parameters_are_errors) {
  for (const char* text : {"a ${", "a ${x", "a ${} b", "a ${x y} b", "a ${:-z}"}) refusal(text);
}

RTC_TEST(the_names_of_parameters_and_the_summary_are_found) {
  const char* text = "# SPDX-License-Identifier: X\n# A call.\n# ${not} this\na x=${one} ${two:-2} # ${nor} this\n";
  RTC_ASSERT(parameterNames(text) == (std::set<std::string>{"one", "two"}));
  RTC_ASSERT_EQ(summary(text), "A call.");
}
