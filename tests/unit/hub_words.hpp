// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the tests of the hub's full dialect say and expect to hear, as text.
#pragma once

#include <string>

#include "tests/unit/hub_stage.hpp"

namespace rtc::testing {

inline std::string call(const std::string& id, const std::string& to) {
  return R"({"type":"call","id":"r","call":")" + id + R"(","to":")" + to + R"("})";
}

inline std::string about(const std::string& type, const std::string& id) {
  return R"({"type":")" + type + R"(","id":"r","call":")" + id + R"("})";
}

inline std::string error(const std::string& code) {
  return R"({"type":"error","id":"r","code":")" + code + "\"";
}

inline std::string incoming(const std::string& id, const std::string& from, const std::string& more = "") {
  return R"({"type":"call","call":")" + id + R"(","from":")" + from + R"(","media":{"audio":true,"video":true})" +
         more + "}";
}

inline std::string accepted(const std::string& id, const std::string& from) {
  return R"({"type":"accept","call":")" + id + R"(","from":")" + from + "\"}";
}

inline std::string ended(const std::string& id, const std::string& reason, const std::string& by = "") {
  return R"({"type":"ended","call":")" + id + R"(","reason":")" + reason + "\"" +
         (by.empty() ? "" : R"(,"by":")" + by + "\"") + "}";
}

inline constexpr auto kOk = R"({"type":"ok","id":"r"})";

#define RTC_REFUSES(stage, client, text, code)                                                     \
  do {                                                                                             \
    const std::string reply = (stage).ask(client, text);                                           \
    ck_assert_msg(reply.starts_with(::rtc::testing::error(code)), "the reply: %s", reply.c_str()); \
  } while (false)

}  // namespace rtc::testing
