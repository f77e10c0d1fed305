// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the elements tell and take of tokens, groups, presence and missed calls, with a real service.
#include <cstdlib>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace rtc::testing;

namespace {

struct House {
  TemporaryFolder folder;
  std::string keys = folder.write("keys", "[main]\nalgorithm=HS256\nsecret=a secret of more than thirty-two bytes\n");
  SignaldProcess service{{"--token-keys", keys, "--token-leeway", "1"}};

  std::string token(const std::string& user, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> argv{std::getenv("RTC_SIGNALD"), "token", "--token-keys", keys, "--user", user};
    argv.insert(argv.end(), more.begin(), more.end());
    ChildProcess mint(argv);
    const auto line = mint.readLine().value_or("");
    RTC_ASSERT_EQ(mint.wait().value_or(-1), 0);
    return line;
  }
  /// An element that waits for calls.
  std::string waits(const std::string& user, const std::string& more,
                    const std::vector<std::string>& claims = {}) const {
    return "rtcsignalsrc name=in server=" + service.uri() + " user=" + user + " token=" + token(user, claims) + " " +
           more;
  }
};

const std::string kPicture = "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! ";

bool comesOnline(TestPipeline& pipeline) {
  pipeline.play();
  return pipeline.posts("rtc-session", {{"state", "online"}});
}

}  // namespace

RTC_TEST(a_login_outlives_its_token_when_it_is_given_another) {
  const House house;
  TestPipeline alice(house.waits("alice", "", {"--valid-for", "50"}));
  static unsigned asked = 0;
  g_signal_connect(alice.named("in"), "token-expires",
                   G_CALLBACK(+[](GstElement*, guint seconds, gpointer) { asked += seconds <= 60 ? 1U : 100U; }),
                   nullptr);
  RTC_ASSERT(comesOnline(alice));
  RTC_ASSERT(alice.posts("rtc-token", {{"state", "expires"}}));
  RTC_ASSERT(waitFor([] { return asked == 1; }));
  g_object_set(alice.named("in"), "token", "rubbish", nullptr);
  RTC_ASSERT(alice.posts("rtc-token", {{"state", "refused"}}));
  g_object_set(alice.named("in"), "token", house.token("alice").c_str(), nullptr);
  RTC_ASSERT(alice.posts("rtc-token", {{"state", "renewed"}}));
  TestPipeline bob(kPicture + "rtcsignalsink server=" + house.service.uri() + " user=bob token=" + house.token("bob") +
                   " peer=alice");
  bob.play();
  RTC_ASSERT(bob.callGets("connected"));
  RTC_ASSERT_EQ(alice.count("rtc-session", {{"state", "offline"}}), 0U);
}

RTC_TEST(a_login_that_is_given_no_other_token_ends_with_it_and_comes_back_with_the_next) {
  const House house;
  TestPipeline alice(house.waits("alice", "", {"--valid-for", "8"}));
  RTC_ASSERT(comesOnline(alice));
  RTC_ASSERT(alice.posts("rtc-token", {{"state", "expires"}}));
  RTC_ASSERT(alice.posts("rtc-session", {{"state", "offline"}}));
  alice.forget();
  // The service does not take the old one back, and asks again.
  RTC_ASSERT(alice.posts("rtc-token", {{"state", "expires"}}));
  g_object_set(alice.named("in"), "token", house.token("alice").c_str(), nullptr);
  RTC_ASSERT(alice.posts("rtc-session", {{"state", "online"}}));
}

RTC_TEST(a_call_to_a_group_rings_at_its_member_and_says_of_which_group_it_is) {
  const House house;
  TestPipeline other(house.waits("carol", "groups=sales", {"--group", "sales"}));
  TestPipeline member(house.waits("bob", "groups=support,sales", {"--group", "support"}));
  RTC_ASSERT(comesOnline(other) && comesOnline(member));
  TestPipeline caller(kPicture + "rtcsignalsink server=" + house.service.uri() +
                      " user=alice token=" + house.token("alice", {"--name", "Alice A."}) + " peer=@support");
  caller.play();
  RTC_ASSERT(caller.posts("rtc-call", {{"state", "connected"}, {"peer", "bob"}}));
  RTC_ASSERT(member.posts("rtc-call",
                          {{"state", "ringing"}, {"peer", "alice"}, {"group", "support"}, {"display", "Alice A."}}));
  RTC_ASSERT_EQ(other.count("rtc-call", {}), 0U);
}

RTC_TEST(a_call_that_was_missed_is_told_at_the_next_login) {
  const House house;
  TestPipeline caller(kPicture + "rtcsignalsink server=" + house.service.uri() +
                      " user=alice token=" + house.token("alice") + " peer=bob");
  caller.play();
  RTC_ASSERT_EQ(caller.endReason(), "unavailable");
  TestPipeline bob(house.waits("bob", ""));
  RTC_ASSERT(comesOnline(bob));
  RTC_ASSERT(bob.posts("rtc-missed-call", {{"peer", "alice"}}));
}
