// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Holds the call machine against the table in docs/protocol.md, in both directions: each row does what it says, and
// what no row says is refused.
#include "signaling/protocol/call_machine.hpp"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/check.hpp"

using namespace rtc;
using namespace rtc::signaling;

namespace {

constexpr Instant kStart{Duration{5'000}};
constexpr CallTimers kTimers{};

const std::map<std::string, CallEvent>& events() {
  static const std::map<std::string, CallEvent> by_name = {
      {"`ringing`", call_event::Ring{}},
      {"`accept`", call_event::PickUp{}},
      {"`decline`", call_event::Refuse{Reason::Busy}},
      {"`cancel`", call_event::GiveUp{}},
      {"`connected`", call_event::Connect{}},
      {"`leave` (`hangup`)", call_event::HangUp{}},
      {"`leave` (another reason)", call_event::HangUp{Reason::MediaFailed}},
      {"connection lost", call_event::Detach{}},
      {"connection lost for good", call_event::Vanish{}},
      {"resumed", call_event::Resume{}},
  };
  return by_name;
}

/// A call that came to the state in the plain way. `half` is accepted, and the other party has said `connected`.
CallMachine callIn(const std::string& state, Party half_other = Party::Callee) {
  CallMachine call(kTimers, kStart);
  if (state == "ringing") call.on(Party::Callee, call_event::Ring{}, kStart);
  const bool accepted = state == "accepted" || state == "half" || state == "connected";
  if (accepted) call.on(Party::Callee, call_event::PickUp{}, kStart);
  if (state == "half") call.on(half_other, call_event::Connect{}, kStart);
  if (state == "connected") {
    call.on(Party::Caller, call_event::Connect{}, kStart);
    call.on(Party::Callee, call_event::Connect{}, kStart);
  }
  return call;
}

std::string nameOf(Party party) {
  return party == Party::Caller ? "caller" : "callee";
}

std::string shownNotices(const CallStep& step) {
  std::string text;
  for (const auto& notice : step.notices) {
    if (!text.empty()) text += ", ";
    text += nameOf(notice.to) + ": `";
    if (notice.kind == CallNotice::Kind::Ringing) text += "ringing`";
    if (notice.kind == CallNotice::Kind::Accepted) text += "accept`";
    if (notice.kind == CallNotice::Kind::Ended) text += "ended` " + std::string(word(notice.reason));
  }
  return text.empty() ? "-" : text;
}

/// What the table says about one event of one party in one state.
struct Row {
  std::string state, by, event, next, told;
};

std::string trimmed(const std::string& cell) {
  const auto begin = cell.find_first_not_of(' ');
  return begin == std::string::npos ? "" : cell.substr(begin, cell.find_last_not_of(' ') - begin + 1);
}

std::vector<std::string> cellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream text(line.substr(1));
  for (std::string cell; std::getline(text, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

/// `calling, ringing` stands for two rows.
std::vector<std::string> alternatives(const std::string& cell) {
  std::vector<std::string> words;
  std::istringstream text(cell);
  for (std::string entry; std::getline(text, entry, ',');) words.push_back(trimmed(entry));
  return words;
}

std::vector<Row> table() {
  const char* root = std::getenv("RTC_SOURCE_ROOT");
  RTC_ASSERT(root != nullptr);
  std::ifstream page(std::string(root) + "/docs/protocol.md");
  std::vector<Row> rows;
  bool within = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| state | by | event |")) within = true;
    if (!line.starts_with("|")) within = false;
    if (!within || line.starts_with("| state") || line.starts_with("|--")) continue;
    const auto cells = cellsOf(line);
    RTC_ASSERT_EQ(cells.size(), 5U);
    for (const auto& state : alternatives(cells[0])) {
      for (const auto& by : alternatives(cells[1])) rows.push_back({state, by, cells[2], cells[3], cells[4]});
    }
  }
  return rows;
}

const Row* rowFor(const std::vector<Row>& rows, const std::string& state, const std::string& by,
                  const std::string& event) {
  for (const auto& row : rows) {
    if (row.state == state && row.by == by && row.event == event) return &row;
  }
  return nullptr;
}

void assertFollows(const Row* row, CallMachine call, const std::string& state, Party by, const std::string& event) {
  const auto before = call.state();
  const CallStep step = call.on(by, events().at(event), kStart + Duration{10});
  const std::string where = state + ", " + nameOf(by) + ", " + event;
  ck_assert_msg(step.refused == (row == nullptr), "%s: %s", where.c_str(), step.refused ? "refused" : "not refused");
  const std::string next = row != nullptr ? row->next : std::string(word(before));
  ck_assert_msg(word(call.state()) == next, "%s leads to %s", where.c_str(), word(call.state()).data());
  const std::string told = row != nullptr ? row->told : "-";
  ck_assert_msg(shownNotices(step) == told, "%s tells %s", where.c_str(), shownNotices(step).c_str());
}

CallStep tickAfter(CallMachine& call, Duration time) {
  return call.tick(kStart + time);
}

}  // namespace

RTC_TEST(every_event_in_every_state_does_what_the_documented_table_says) {
  const auto rows = table();
  RTC_ASSERT(rows.size() > 30);
  for (const char* state : {"calling", "ringing", "accepted", "connected"}) {
    for (const Party by : {Party::Caller, Party::Callee}) {
      for (const auto& [event, value] : events()) {
        assertFollows(rowFor(rows, state, nameOf(by), event), callIn(state), state, by, event);
      }
    }
  }
}

RTC_TEST(every_row_of_the_documented_table_names_an_event_that_exists) {
  for (const auto& row : table()) {
    const bool known =
        events().contains(row.event) || row.by == "service" || row.event == "`connected`, the other before";
    ck_assert_msg(known, "unknown event %s", row.event.c_str());
  }
}

RTC_TEST(the_second_connected_connects_the_call_whoever_says_it) {
  const auto rows = table();
  for (const Party by : {Party::Caller, Party::Callee}) {
    const Row* row = rowFor(rows, "accepted", nameOf(by), "`connected`, the other before");
    RTC_ASSERT(row != nullptr);
    assertFollows(row, callIn("half", otherThan(by)), "half", by, "`connected`");
  }
}

RTC_TEST(the_services_own_rows_are_its_timers) {
  for (const auto& row : table()) {
    if (row.by != "service") continue;
    CallMachine call = callIn(row.state);
    if (row.event == "resume time over (caller)") call.on(Party::Caller, call_event::Detach{}, kStart);
    if (row.event == "resume time over (callee)") call.on(Party::Callee, call_event::Detach{}, kStart);
    // In the setup phase the setup timer would come first: the phase is brought to its end to see the other timer
    // alone.
    if (row.event.starts_with("resume") && row.state == "accepted") continue;
    RTC_ASSERT_EQ(shownNotices(call.tick(*call.deadline())), row.told);
    RTC_ASSERT_EQ(word(call.state()), row.next);
  }
}

RTC_TEST(nobody_answers_for_a_minute) {
  for (const char* state : {"calling", "ringing"}) {
    CallMachine call = callIn(state);
    RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{59'999})), "-");
    RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{60'000})), "caller: `ended` timeout, callee: `ended` timeout");
    RTC_ASSERT(call.ended());
    RTC_ASSERT(!call.deadline());
  }
}

RTC_TEST(ringing_does_not_lengthen_the_wait) {
  CallMachine call(kTimers, kStart);
  call.on(Party::Callee, call_event::Ring{}, kStart + Duration{50'000});
  RTC_ASSERT(call.deadline() == kStart + kTimers.ring);
}

RTC_TEST(media_must_flow_for_both_within_the_setup_time) {
  for (const char* state : {"accepted", "half"}) {
    CallMachine call = callIn(state);
    RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{14'999})), "-");
    RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{15'000})),
                  "caller: `ended` ice_failed, callee: `ended` ice_failed");
  }
  CallMachine connected = callIn("connected");
  RTC_ASSERT(!connected.deadline());
  RTC_ASSERT_EQ(shownNotices(tickAfter(connected, Duration{86'400'000})), "-");
}

RTC_TEST(a_lost_party_may_come_back_within_the_resume_time) {
  CallMachine call = callIn("connected");
  call.on(Party::Callee, call_event::Detach{}, kStart);
  RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{29'999})), "-");
  call.on(Party::Callee, call_event::Resume{}, kStart + Duration{29'999});
  RTC_ASSERT(!call.deadline());
  call.on(Party::Callee, call_event::Detach{}, kStart + Duration{40'000});
  RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{70'000})), "caller: `ended` peer_lost");
}

RTC_TEST(when_both_are_lost_the_first_to_be_given_up_ends_the_call) {
  CallMachine call = callIn("connected");
  call.on(Party::Callee, call_event::Detach{}, kStart);
  call.on(Party::Caller, call_event::Detach{}, kStart + Duration{1'000});
  RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{30'000})), "caller: `ended` peer_lost");
}

RTC_TEST(the_end_by_a_party_names_it_and_the_services_end_names_nobody) {
  CallMachine left = callIn("connected");
  const auto by_party = left.on(Party::Callee, call_event::HangUp{Reason::FingerprintMismatch}, kStart);
  RTC_ASSERT(by_party.notices.front().by == Party::Callee);
  RTC_ASSERT_EQ(shownNotices(by_party), "caller: `ended` fingerprint_mismatch");
  CallMachine stopped = callIn("calling");
  const auto by_service = stopped.end(Reason::ServerShutdown);
  RTC_ASSERT_EQ(by_service.notices.size(), 2U);
  RTC_ASSERT(!by_service.notices.front().by);
}

RTC_TEST(an_ended_call_refuses_everything) {
  for (const Party by : {Party::Caller, Party::Callee}) {
    for (const auto& [name, event] : events()) {
      CallMachine call = callIn("calling");
      call.end(Reason::GlareLost);
      RTC_ASSERT(call.on(by, event, kStart).refused);
      RTC_ASSERT(call.end(Reason::Timeout).notices.empty());
      RTC_ASSERT_EQ(shownNotices(tickAfter(call, Duration{86'400'000})), "-");
    }
  }
}

RTC_TEST(descriptions_pass_once_the_call_is_accepted) {
  RTC_ASSERT(!callIn("calling").relays());
  RTC_ASSERT(!callIn("ringing").relays());
  RTC_ASSERT(callIn("accepted").relays());
  RTC_ASSERT(callIn("connected").relays());
}
