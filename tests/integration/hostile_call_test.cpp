// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls in which somebody meddles, or dies.
#include <csignal>

#include "tests/integration/meddler.hpp"
#include "tests/integration/rtc_call_process.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using namespace rtc;
using namespace rtc::testing;

namespace {

/// Where rtc-call's documentation puts a call that failed.
constexpr int kFailed = 5;

const CallEvent kOnline = {{"event", "session"}, {"state", "online"}};
const CallEvent kConnected = {{"event", "call"}, {"state", "connected"}};

CallEvent ended(const std::string& reason) {
  return {{"event", "call"}, {"state", "ended"}, {"reason", reason}};
}

/// Gives every description the fingerprint of another certificate.
std::string forge(std::string text) {
  constexpr std::string_view kName = "a=fingerprint:sha-256 ";
  for (auto at = text.find(kName); at != std::string::npos; at = text.find(kName, at)) {
    at += kName.size();
    for (auto& digit : {&text[at], &text[at + 1]}) *digit = *digit == '0' ? '1' : '0';
  }
  return text;
}

bool sawAnyFrame(const RtcCallProcess& party) {
  for (const auto& event : party.events()) {
    const auto decoded = event.find("video-in-decoded");
    if (decoded != event.end() && decoded->second != "0") return true;
  }
  return false;
}

}  // namespace

RTC_TEST(a_forged_fingerprint_ends_the_call_on_both_sides_before_a_frame_passes) {
  const SignaldProcess service;
  const Meddler meddler(service.uri(), forge);
  RtcCallProcess bob({"answer", "--once", "--user", "bob", "--server", meddler.uri(), "--no-display"});
  bob.expect(kOnline);
  RtcCallProcess alice({"dial", "bob", "--user", "alice", "--server", meddler.uri(), "--no-display"});
  alice.expect(ended("fingerprint_mismatch"));
  bob.expect(ended("fingerprint_mismatch"));
  RTC_ASSERT_EQ(alice.exitStatus(), kFailed);
  RTC_ASSERT_EQ(bob.exitStatus(), kFailed);
  RTC_ASSERT(!sawAnyFrame(alice));
  RTC_ASSERT(!sawAnyFrame(bob));
}

RTC_TEST(one_forged_side_is_enough) {
  const SignaldProcess service;
  const Meddler meddler(service.uri(), forge);
  RtcCallProcess bob({"answer", "--once", "--user", "bob", "--server", service.uri(), "--no-display"});
  bob.expect(kOnline);
  RtcCallProcess alice({"dial", "bob", "--user", "alice", "--server", meddler.uri(), "--no-display"});
  bob.expect(ended("fingerprint_mismatch"));
  alice.expect(ended("fingerprint_mismatch"));
  RTC_ASSERT_EQ(alice.exitStatus(), kFailed);
  RTC_ASSERT(!sawAnyFrame(bob));
}

RTC_TEST(an_honest_man_in_the_middle_changes_nothing) {
  const SignaldProcess service;
  const Meddler messenger(service.uri(), [](std::string text) { return text; });
  RtcCallProcess bob({"answer", "--once", "--user", "bob", "--server", messenger.uri(), "--no-display"});
  bob.expect(kOnline);
  RtcCallProcess alice(
      {"dial", "bob", "--user", "alice", "--server", messenger.uri(), "--no-display", "--duration", "1"});
  alice.expect(kConnected);
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
}

RTC_TEST(a_killed_party_is_lost_to_the_other_within_ten_seconds) {
  const SignaldProcess service;
  RtcCallProcess bob(
      {"answer", "--once", "--user", "bob", "--server", service.uri(), "--no-display", "--recovery-timeout", "0"});
  bob.expect(kOnline);
  RtcCallProcess alice({"dial", "bob", "--user", "alice", "--server", service.uri(), "--no-display"});
  bob.expect(kConnected);
  alice.expect({{"event", "stats"}});
  bob.expect({{"event", "stats"}});
  alice.process().signal(SIGKILL);
  bob.expect(ended("peer_lost"), Duration(10'000));
  RTC_ASSERT_EQ(bob.exitStatus(), kFailed);
}

RTC_TEST(a_killed_party_is_given_up_also_when_the_service_is_gone) {
  auto service = std::make_unique<SignaldProcess>();
  RtcCallProcess bob(
      {"answer", "--once", "--user", "bob", "--server", service->uri(), "--no-display", "--recovery-timeout", "1"});
  bob.expect(kOnline);
  RtcCallProcess alice({"dial", "bob", "--user", "alice", "--server", service->uri(), "--no-display"});
  bob.expect(kConnected);
  alice.expect({{"event", "stats"}});
  bob.expect({{"event", "stats"}});
  service.reset();
  alice.process().signal(SIGKILL);
  bob.expect({{"event", "call"}, {"state", "reconnecting"}}, Duration(10'000));
  bob.expect(ended("media_failed"), Duration(3'000));
}
