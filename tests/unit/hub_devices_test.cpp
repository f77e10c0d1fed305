// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Users with several devices, where names are proved. The table of a ring in docs/protocol.md is played out here row by
// row.
#include <cstdlib>
#include <fstream>

#include "tests/unit/hub_words.hpp"

using rtc::Duration;
using rtc::signaling::ClientId;
using namespace rtc::testing;

namespace {

const WordOfMouth kWord;

/// Alice calls Bob, who has a phone and a laptop; nobody has unheard messages.
struct Ringing {
  HubStage stage{{.authenticator = &kWord}};
  ClientId alice = stage.device("alice");
  ClientId phone = stage.device("bob");
  ClientId laptop = stage.device("bob");

  Ringing() {
    RTC_ASSERT_EQ(stage.ask(alice, call("c", "bob")), kOk);
    RTC_HEARS(stage, phone, incoming("c", "alice"));
    RTC_HEARS(stage, laptop, incoming("c", "alice"));
  }
};

/// The rows of docs/protocol.md: what a device says, whether another rings on, what the caller and the other are told.
struct Row {
  std::string event;
  std::string others;
  std::string caller;
  std::string device;
};

std::string trimmed(const std::string& text) {
  const auto begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::vector<Row> table() {
  std::ifstream file(std::string(std::getenv("RTC_SOURCE_ROOT")) + "/docs/protocol.md");
  std::vector<Row> rows;
  bool in_table = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| a device |")) in_table = true;
    if (!line.starts_with("|")) in_table = false;
    if (!in_table || line.starts_with("|--") || line.starts_with("| a device |")) continue;
    std::vector<std::string> cells;
    std::istringstream stream(line.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
    RTC_ASSERT_EQ(cells.size(), 4U);
    rows.push_back({cells[0], cells[1], cells[2], cells[3]});
  }
  return rows;
}

void happen(HubStage& stage, ClientId device, const std::string& event) {
  if (event == "connection lost") {
    stage.close(device);
  } else if (event == "`decline` busy") {
    stage.say(device, R"({"type":"decline","call":"c","reason":"busy"})");
  } else if (event == "`decline` declined") {
    stage.say(device, R"({"type":"decline","call":"c"})");
  } else {
    RTC_ASSERT(event.starts_with("`"));
    stage.say(device, R"({"type":")" + event.substr(1, event.size() - 2) + R"(","call":"c"})");
  }
}

/// In the words of the table.
std::string told(HubStage& stage, ClientId client) {
  const auto text = stage.hear(client);
  if (text == "(nothing)") return "-";
  if (text == accepted("c", "bob")) return "`accept`";
  if (text == R"({"type":"ringing","call":"c","from":"bob"})") return "`ringing`";
  for (const char* reason : {"answered_elsewhere", "declined", "busy", "unavailable"}) {
    if (text == ended("c", reason, "bob")) return "`ended` " + std::string(reason);
  }
  return text;
}

}  // namespace

RTC_TEST(a_ring_does_what_the_documented_table_says) {
  const auto rows = table();
  RTC_ASSERT(rows.size() >= 10);
  for (const auto& row : rows) {
    Ringing ring;
    if (row.others == "the other is busy") happen(ring.stage, ring.laptop, "`decline` busy");
    if (row.others == "the other is lost") happen(ring.stage, ring.laptop, "connection lost");
    ring.stage.forgetHeard();
    happen(ring.stage, ring.phone, row.event);
    const std::string where = row.event + ", " + row.others;
    const auto caller = told(ring.stage, ring.alice);
    ck_assert_msg(caller == row.caller, "%s: the caller is told %s", where.c_str(), caller.c_str());
    const auto device = told(ring.stage, ring.laptop);
    ck_assert_msg(device == row.device, "%s: the other device is told %s", where.c_str(), device.c_str());
    RTC_HEARS_NOTHING(ring.stage, ring.phone);
  }
}

RTC_TEST(the_first_to_accept_wins_and_only_that_device_talks) {
  Ringing ring;
  auto& stage = ring.stage;
  stage.say(ring.laptop, about("accept", "c"));
  RTC_HEARS(stage, ring.laptop, kOk);
  RTC_HEARS(stage, ring.phone, ended("c", "answered_elsewhere", "bob"));
  RTC_HEARS(stage, ring.alice, accepted("c", "bob"));
  RTC_REFUSES(stage, ring.phone, about("accept", "c"), "no_such_call");
  RTC_REFUSES(stage, ring.phone, about("leave", "c"), "no_such_call");
  stage.say(ring.alice, R"({"type":"offer","call":"c","offer":1})");
  RTC_HEARS(stage, ring.laptop, R"({"type":"offer","call":"c","from":"alice","offer":1})");
  RTC_HEARS_NOTHING(stage, ring.phone);
  stage.close(ring.phone);
  RTC_HEARS_NOTHING(stage, ring.alice);
  stage.say(ring.laptop, R"({"type":"leave","call":"c"})");
  RTC_HEARS(stage, ring.alice, ended("c", "hangup", "bob"));
}

RTC_TEST(a_device_that_logs_in_while_it_rings_rings_too) {
  Ringing ring;
  const auto tablet = ring.stage.device("bob");
  RTC_HEARS(ring.stage, tablet, incoming("c", "alice"));
  ring.stage.say(tablet, R"({"type":"accept","call":"c"})");
  RTC_HEARS(ring.stage, ring.alice, accepted("c", "bob"));
  const auto late = ring.stage.device("bob");
  RTC_HEARS_NOTHING(ring.stage, late);
}

RTC_TEST(the_caller_gives_up_on_all_devices) {
  Ringing ring;
  RTC_ASSERT_EQ(ring.stage.ask(ring.alice, about("cancel", "c")), kOk);
  for (const auto device : {ring.phone, ring.laptop}) {
    RTC_HEARS(ring.stage, device, ended("c", "cancelled", "alice"));
    RTC_REFUSES(ring.stage, device, about("accept", "c"), "no_such_call");
  }
}

RTC_TEST(nobody_answers_on_any_device) {
  Ringing ring;
  ring.stage.pass(Duration{60'000});
  for (const auto client : {ring.alice, ring.phone, ring.laptop}) RTC_HEARS(ring.stage, client, ended("c", "timeout"));
  RTC_ASSERT(!ring.stage.hub().nextDeadline());
}

RTC_TEST(crossing_calls_between_many_devices_leave_the_lesser_id) {
  HubStage stage({.authenticator = &kWord});
  const auto alice = stage.device("alice");
  const auto alices_phone = stage.device("alice");
  const auto phone = stage.device("bob");
  const auto laptop = stage.device("bob");
  stage.say(alice, call("b", "bob"));
  stage.forgetHeard();
  RTC_ASSERT_EQ(stage.ask(laptop, call("a", "alice")), kOk);
  RTC_HEARS(stage, alice, ended("b", "glare_lost"));
  RTC_HEARS(stage, alice, incoming("a", "bob"));
  RTC_HEARS(stage, alices_phone, incoming("a", "bob"));
  RTC_HEARS(stage, phone, ended("b", "glare_lost"));
  RTC_HEARS(stage, laptop, ended("b", "glare_lost"));
  RTC_ASSERT_EQ(stage.ask(phone, call("c", "alice")), kOk);
}

RTC_TEST(the_list_has_a_user_once_and_busy_if_any_device_is) {
  Ringing ring;
  const auto carol = ring.stage.device("carol");
  RTC_ASSERT_EQ(ring.stage.ask(carol, R"({"type":"users","id":"r"})"),
                R"({"type":"ok","id":"r","users":[{"name":"alice","busy":true},{"name":"bob","busy":true}]})");
  ring.stage.say(ring.laptop, R"({"type":"decline","call":"c"})");
  ring.stage.close(ring.phone);
  RTC_ASSERT_EQ(ring.stage.ask(carol, R"({"type":"users","id":"r"})"),
                R"({"type":"ok","id":"r","users":[{"name":"alice","busy":false},{"name":"bob","busy":false}]})");
}

RTC_TEST(devices_of_a_user_are_bounded_and_a_lost_one_makes_room) {
  HubStage stage({.limits = {.devices = 2}, .authenticator = &kWord});
  const auto alice = stage.device("alice");
  const auto phone = stage.device("bob");
  stage.device("bob");
  RTC_REFUSES(stage, stage.connect(), R"({"type":"login","id":"r","name":"bob","version":1,"token":"of bob"})",
              "rate_limited");
  stage.say(alice, call("c", "bob"));
  stage.say(phone, about("accept", "c"));
  stage.close(phone);
  stage.forgetHeard();
  stage.device("bob");
  RTC_HEARS(stage, alice, ended("c", "peer_lost", "bob"));
}
