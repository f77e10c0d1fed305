// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Calls over a relay and nothing else: the service makes each user credentials, and a real coturn takes them.
#include <cstdlib>

#include "tests/element/test_pipeline.hpp"
#include "tests/element/turn_server.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using namespace rtc::testing;

namespace {

constexpr auto kSecret = "the-secret-of-relay-and-service";

/// A service with keys and a TURN server.
struct House {
  explicit House(const std::string& secret_of_relay, const std::string& lifetime = "3600")
      : relay(secret_of_relay), service(options(lifetime)) {}

  TurnServer relay;
  TemporaryFolder folder;
  std::string keys = folder.write("keys", "[main]\nalgorithm=HS256\nsecret=a secret of more than thirty-two bytes\n");
  SignaldProcess service;

  std::vector<std::string> options(const std::string& lifetime) const {
    return {"--token-keys",       keys,
            "--turn-server",      relay.uri(),
            "--turn-secret-file", folder.write("secret", std::string(kSecret) + "\n"),
            "--setup-timeout",    "10",
            "--turn-lifetime",    lifetime};
  }

  std::string token(const std::string& user) const {
    ChildProcess mint({std::getenv("RTC_SIGNALD"), "token", "--token-keys", keys, "--user", user});
    const auto line = mint.readLine().value_or("");
    RTC_ASSERT_EQ(mint.wait().value_or(-1), 0);
    return line;
  }
  std::string login(const std::string& user) const {
    return " server=" + service.uri() + " user=" + user + " token=" + token(user) + " ice-transport-policy=relay ";
  }
};

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1 ! ";

}  // namespace

RTC_TEST(a_call_goes_through_the_relay_with_credentials_of_the_service) {
  const House house(kSecret);
  TestPipeline bob("rtcsignalsrc name=in" + house.login("bob") + "in.video_0 ! fakesink sync=true");
  TestPipeline alice(kPicture + "rtcsignalsink name=out" + house.login("alice") + "peer=bob");
  bob.play();
  RTC_ASSERT(bob.posts("rtc-session", {{"state", "online"}}));
  alice.play();
  RTC_ASSERT(alice.callGets("connected"));
  RTC_ASSERT(bob.reaches("video-in-decoded", 15));
  const auto log = house.relay.log();
  for (const char* user : {":alice", ":bob"}) {
    const bool allocated =
        log.find(std::string(user) + ">: incoming packet ALLOCATE processed, success") != std::string::npos;
    ck_assert_msg(allocated, "no allocation of %s", user);
  }
}

RTC_TEST(a_call_that_begins_long_after_the_login_has_credentials_that_hold) {
  const House house(kSecret, "5");
  TestPipeline bob("rtcsignalsrc name=in" + house.login("bob") + "in.video_0 ! fakesink sync=true");
  TestPipeline alice(kPicture + "rtcsignalsink name=out" + house.login("alice"));
  for (auto* party : {&bob, &alice}) {
    party->play();
    RTC_ASSERT(party->posts("rtc-session", {{"state", "online"}}));
  }
  // What the login told has expired by then.
  const rtc::Instant end = rtc::SteadyClock().now() + rtc::Duration{6'000};
  RTC_ASSERT(waitFor([&] { return rtc::SteadyClock().now() >= end; }));
  gchar* call = nullptr;
  g_signal_emit_by_name(alice.named("out"), "call", "bob", &call);
  g_free(call);
  RTC_ASSERT(alice.callGets("connected"));
  RTC_ASSERT(bob.reaches("video-in-decoded", 5));
}

RTC_TEST(a_relay_with_another_secret_takes_no_credentials_and_the_call_ends_with_its_reason) {
  const House house("another-secret-than-the-services");
  TestPipeline bob("rtcsignalsrc name=in" + house.login("bob"));
  TestPipeline alice(kPicture + "rtcsignalsink name=out" + house.login("alice") + "peer=bob");
  bob.play();
  RTC_ASSERT(bob.posts("rtc-session", {{"state", "online"}}));
  alice.play();
  RTC_ASSERT_EQ(alice.endReason(rtc::Duration{30'000}), "ice_failed");
  RTC_ASSERT_EQ(alice.count("rtc-call", {{"state", "connected"}}), 0U);
}
