// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_outline.hpp"

#include <string>

#include "signaling/protocol/limits.hpp"
#include "tests/support/check.hpp"

using namespace rtc::signaling;

namespace {

std::string valueOf(std::string_view text, std::string_view name) {
  const auto outline = outlineOf(text);
  return outline ? std::string(outline.value().find(name)) : "broken: " + outline.error().message;
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

}  // namespace

RTC_TEST(the_text_of_a_member_is_kept_to_the_letter) {
  RTC_ASSERT_EQ(valueOf(R"({ "a" : 1.50e+3 , "b":{"x": [1, 2]}})", "a"), "1.50e+3");
  RTC_ASSERT_EQ(valueOf(R"({ "a" : 1.50e+3 , "b":{"x": [1, 2]}})", "b"), R"({"x": [1, 2]})");
  RTC_ASSERT_EQ(valueOf(R"({"a":null})", "a"), "null");
  RTC_ASSERT_EQ(valueOf(R"({"a":"}\",\"b\":1"})", "b"), "");
}

RTC_TEST(an_escaped_backslash_begins_no_escape) {
  constexpr auto kText = R"({"\\u00":1,"\\u0041":2,"\u0042":3})";
  RTC_ASSERT_EQ(valueOf(kText, "B"), "3");
  RTC_ASSERT_EQ(valueOf(kText, R"(\\u0041)"), "2");
  RTC_ASSERT_EQ(valueOf(kText, R"(\\u00)"), "1");
}

RTC_TEST(members_of_inner_objects_are_not_found) {
  RTC_ASSERT_EQ(valueOf(R"({"a":{"offer":1}})", "offer"), "");
  RTC_ASSERT_EQ(valueOf(R"([{"offer":1}])", "offer"), "");
}

RTC_TEST(of_two_members_with_one_name_the_last_counts) {
  RTC_ASSERT_EQ(valueOf(R"({"a":1,"a":2})", "a"), "2");
  RTC_ASSERT_EQ(valueOf(R"({"a":1,"\u0061":2})", "a"), "2");
}

RTC_TEST(text_that_is_not_json_is_refused) {
  for (const char* text : {"",           " ",          "{",           "}",       "[",        "[1,]",
                           "{\"a\":1,}", "{\"a\"}",    "{a:1}",       "{'a':1}", "nul",      "truex",
                           "01",         "+1",         "1.",          ".5",      "1e",       "\"",
                           "\"\\x\"",    "\"\\u12\"",  "\"\\u12g4\"", "\"\n\"",  "1 2",      "{} {}",
                           "// c\n{}",   "/* c */ {}", "var x = {}",  "NaN",     "Infinity", "\xEF\xBB\xBF{}"}) {
    ck_assert_msg(!outlineOf(text), "taken for JSON: %s", text);
  }
}

RTC_TEST(all_kinds_of_values_are_json) {
  for (const char* text : {"null", "true", "false", "0", "-0", "-1.5e-10", "1E5", "\"\"", "\"\\u00e9\\n\\/\"", "[]",
                           "[ ]", "{}", "{ }", "[[],{},\"\",1]", " {\"\":{}}\r\n\t"}) {
    ck_assert_msg(outlineOf(text).ok(), "not taken for JSON: %s", text);
  }
}

RTC_TEST(nesting_ends_at_the_limit) {
  RTC_ASSERT(outlineOf(nested(kMaxDepth)).ok());
  RTC_ASSERT(!outlineOf(nested(kMaxDepth + 1)));
  RTC_ASSERT_EQ(outlineOf(nested(60'000)).error().message, "nested deeper than 16 levels");
}

RTC_TEST(the_elements_of_an_array_are_kept_to_the_letter) {
  const auto outline = outlineOf(R"( [ 1 , "a,b" , [2,3], {"c":[4]} ] )");
  RTC_ASSERT(outline.ok());
  RTC_ASSERT_EQ(outline.value().elements.size(), 4U);
  RTC_ASSERT_EQ(outline.value().elements[1], "\"a,b\"");
  RTC_ASSERT_EQ(outline.value().elements[3], R"({"c":[4]})");
  RTC_ASSERT_EQ(outlineOf(R"({"a":[1,2]})").value().elements.size(), 0U);
}

RTC_TEST(text_that_is_not_utf_8_is_refused) {
  RTC_ASSERT(outlineOf("\"\xc3\xa4\"").ok());
  for (const char* text : {"\"\xc3\"", "\"\xff\"", "\"\xed\xa0\x80\"", "\"\xc0\x80\""}) RTC_ASSERT(!outlineOf(text));
}
