// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One sender, many watchers: what one of them does costs the others nothing.
#include <memory>
#include <string>
#include <vector>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::ChildProcess;
using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

std::string camera(const SignaldProcess& service, const std::string& settings = {}) {
  return "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! rtcsignalsink name=out" +
         login(service, "cam") + settings;
}

std::string viewer(const SignaldProcess& service, const std::string& user) {
  return "rtcsignalsrc name=in" + login(service, user) + "peer=cam ! videoconvert ! fakesink name=picture sync=true";
}

void answer(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

/// Frames that come while the next so many reports do, which are a second apart. 15 a second were sent; a third of them
/// is enough to tell a busy machine from a sender that waits.
double framesOver(TestPipeline& watcher, int seconds) {
  const auto next = [&] {
    watcher.forget();
    RTC_ASSERT(watcher.posts("rtc-stats", {}));
    return *watcher.statistic("video-in-decoded");
  };
  const auto before = next();
  auto now = before;
  for (int second = 0; second < seconds; ++second) now = next();
  return now - before;
}

}  // namespace

RTC_TEST(who_joins_and_leaves_is_not_seen_by_who_stays) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline stays(viewer(service, "stays"));
  answer(cam);
  stays.play();
  RTC_ASSERT(stays.reaches("video-in-decoded", 15));
  std::vector<std::unique_ptr<TestPipeline>> others;
  for (int more = 0; more < 4; ++more) {
    others.push_back(std::make_unique<TestPipeline>(viewer(service, "guest" + std::to_string(more))));
    others.back()->play();
  }
  for (auto& other : others) RTC_ASSERT(other->reaches("video-in-decoded", 5));
  others.clear();
  RTC_ASSERT(framesOver(stays, 2) >= 10);
  RTC_ASSERT(cam.reaches("encoders", 1));
  RTC_ASSERT_EQ(*cam.statistic("encoders"), 1.0);
}

RTC_TEST(a_watcher_that_is_stopped_stops_nobody_and_is_given_up) {
  const SignaldProcess service;
  TestPipeline cam(camera(service, "peer-timeout=4000 recovery-timeout=0"));
  TestPipeline stays(viewer(service, "stays"));
  answer(cam);
  stays.play();
  RTC_ASSERT(stays.reaches("video-in-decoded", 15));
  ChildProcess stalls(
      {"gst-launch-1.0", "-q", "rtcsignalsrc", "server=" + service.uri(), "user=stalls", "peer=cam", "!", "fakesink"});
  RTC_ASSERT(cam.posts("rtc-call", {{"peer", "stalls"}, {"state", "connected"}}));
  stalls.freeze();
  RTC_ASSERT(framesOver(stays, 3) >= 15);
  RTC_ASSERT(cam.posts("rtc-call", {{"peer", "stalls"}, {"state", "ended"}, {"reason", "peer_lost"}}));
  RTC_ASSERT(framesOver(stays, 2) >= 10);
  stalls.thaw();
}

RTC_TEST(a_watcher_that_cannot_keep_up_holds_up_nobody) {
  const SignaldProcess service;
  TestPipeline cam(camera(service));
  TestPipeline stays(viewer(service, "stays"));
  // Takes half a second for each picture.
  TestPipeline slow("rtcsignalsrc name=in" + login(service, "slow") +
                    "peer=cam ! identity sleep-time=500000 ! fakesink");
  answer(cam);
  stays.play();
  slow.play();
  RTC_ASSERT(stays.reaches("video-in-decoded", 15));
  RTC_ASSERT(slow.reaches("video-in-decoded", 3));
  RTC_ASSERT(framesOver(stays, 6) >= 30);
  RTC_ASSERT_EQ(slow.count("rtc-call", {{"state", "ended"}}), 0u);
}
