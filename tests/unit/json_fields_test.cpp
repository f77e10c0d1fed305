// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_fields.hpp"

#include <string>

#include "tests/support/check.hpp"

using namespace rtc::signaling;

namespace {

std::string stringIn(const std::string& value) {
  const std::string text = "{\"a\":" + value + "}";
  return JsonFields::parse(text).value().string("a");
}

std::string printedIn(const std::string& value) {
  const std::string text = "{\"a\":" + value + "}";
  return JsonFields::parse(text).value().javaScriptText("a");
}

}  // namespace

RTC_TEST(strings_lose_their_escapes) {
  RTC_ASSERT_EQ(stringIn(R"("")"), "");
  RTC_ASSERT_EQ(stringIn(R"("\"\\\/\b\f\n\r\t")"), "\"\\/\b\f\n\r\t");
  RTC_ASSERT_EQ(stringIn(R"("\u0041\u00e9\u20ac\ud83d\ude00")"), "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
  RTC_ASSERT_EQ(stringIn("\"\xc3\xa9\""), "\xc3\xa9");
  RTC_ASSERT_EQ(stringIn("17"), "");
}

RTC_TEST(what_utf_8_or_c_cannot_hold_is_replaced) {
  const std::string replacement = "\xef\xbf\xbd";
  RTC_ASSERT_EQ(stringIn(R"("x\u0000y")"), "x" + replacement + "y");
  RTC_ASSERT_EQ(stringIn(R"("\ud800")"), replacement);
  RTC_ASSERT_EQ(stringIn(R"("\ud800z")"), replacement + "z");
  RTC_ASSERT_EQ(stringIn(R"("\udc00\ud800")"), replacement + replacement);
  RTC_ASSERT_EQ(stringIn(R"("\ud800\ud83d\ude00")"), replacement + "\xf0\x9f\x98\x80");
}

RTC_TEST(numbers_are_whole_and_fit_or_are_none) {
  const auto fields = JsonFields::parse(R"({"a":7,"b":-2147483648,"c":2147483648,"d":1.0,"e":1e2,"f":"7","g":true})");
  RTC_ASSERT_EQ(fields.value().integer("a").value_or(0), 7);
  RTC_ASSERT_EQ(fields.value().integer("b").value_or(0), -2147483648);
  for (const char* name : {"c", "d", "e", "f", "g", "absent"}) RTC_ASSERT(!fields.value().integer(name));
  RTC_ASSERT(fields.value().holdsNumber("c") && fields.value().holdsNumber("e") && !fields.value().holdsNumber("f"));
  RTC_ASSERT(fields.value().boolean("g").value_or(false) && !fields.value().boolean("a"));
}

RTC_TEST(objects_and_arrays_are_walked) {
  const auto fields = JsonFields::parse(R"({"o":{"x":{"y":"z"}},"l":["a",1,{"b":"c"}],"n":null})");
  RTC_ASSERT_EQ(fields.value().object("o").object("x").string("y"), "z");
  RTC_ASSERT(!fields.value().object("l").has("x"));
  RTC_ASSERT_EQ(fields.value().strings("l").size(), 1U);
  RTC_ASSERT_EQ(fields.value().array("l").at(2).string("b"), "c");
  RTC_ASSERT(fields.value().object("n").isNull());
}

RTC_TEST(values_are_printed_as_javascript_does) {
  RTC_ASSERT_EQ(printedIn("null"), "null");
  RTC_ASSERT_EQ(printedIn("true"), "true");
  RTC_ASSERT_EQ(printedIn("1.50"), "1.5");
  RTC_ASSERT_EQ(printedIn("1e999"), "Infinity");
  RTC_ASSERT_EQ(printedIn("-1e999"), "-Infinity");
  RTC_ASSERT_EQ(printedIn("1e-999"), "0");
  RTC_ASSERT_EQ(printedIn(R"({"b":1})"), "[object Object]");
  RTC_ASSERT_EQ(printedIn(R"([1,["a",null],null])"), "1,a,,");
  RTC_ASSERT_EQ(JsonFields::parse("{}").value().javaScriptText("a"), "undefined");
}
