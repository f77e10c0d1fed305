// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A test is a sentence and a body. Each test file is one program and one suite, and each test runs in a process of its
// own, so that a crash is a failure of that test alone.
#pragma once

#include <check.h>

// An old spelling of libcheck's, which would rewrite the standard library's streams.
#undef fail

#include <sstream>
#include <string>

namespace rtc::testing {

/// Puts a test on the list that the program's `main` runs.
class Registration {
 public:
  explicit Registration(const TTest* test);
};

template <typename T>
std::string shown(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

}  // namespace rtc::testing

/// RTC_TEST(rejects_offer_from_unknown_peer) { … }
#define RTC_TEST(sentence)                                                     \
  static void sentence##_body();                                               \
  START_TEST(sentence) {                                                       \
    sentence##_body();                                                         \
  }                                                                            \
  END_TEST                                                                     \
  static const ::rtc::testing::Registration sentence##_registration(sentence); \
  static void sentence##_body()

/// Fails with the two values. They must be printable.
#define RTC_ASSERT_EQ(actual, expected)                                                                    \
  do {                                                                                                     \
    const auto rtc_actual = (actual);                                                                      \
    const auto rtc_expected = (expected);                                                                  \
    ck_assert_msg(rtc_actual == rtc_expected, "%s is %s, expected %s", #actual,                            \
                  ::rtc::testing::shown(rtc_actual).c_str(), ::rtc::testing::shown(rtc_expected).c_str()); \
  } while (false)

#define RTC_ASSERT(condition) ck_assert_msg((condition), "not true: %s", #condition)
