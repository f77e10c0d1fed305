// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Further connections of a call for bulk data, between two sessions of this process.
#include "plugins/session/lanes.hpp"

#include <algorithm>
#include <set>

#include "tests/element/data_party.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using rtc::core::ChannelOptions;
using rtc::testing::ChannelLog;
using rtc::testing::DataParty;
using rtc::testing::SignaldProcess;
using rtc::testing::waitFor;

namespace {

ChannelOptions bulk() {
  ChannelOptions options;
  options.label = "bulk";
  options.protocol = "test.1";
  return options;
}

struct Call {
  Call() : bob(service.uri(), "bob"), alice(service.uri(), "alice") {
    ck_assert(bob.online());
    ck_assert(alice.calls("bob"));
    ck_assert(bob.connected());
  }
  /// One that has ended takes its place until its farewell is out.
  std::shared_ptr<ChannelLog> lane(DataParty& opener) const {
    std::shared_ptr<ChannelLog> log;
    waitFor([&] { return (log = opener.openLane(bulk())) != nullptr; });
    return log;
  }
  SignaldProcess service;
  DataParty bob;
  DataParty alice;
};

/// Every pipeline that holds a webrtcbin, in the order in which they were made.
class Pipelines {
 public:
  Pipelines() {
    if (gst_is_initialized() == FALSE) gst_init(nullptr, nullptr);
    g_type_class_unref(g_type_class_ref(GST_TYPE_BIN));
    g_signal_add_emission_hook(
        g_signal_lookup("element-added", GST_TYPE_BIN), 0,
        [](GSignalInvocationHint*, guint, const GValue* values, gpointer data) noexcept -> gboolean {
          auto* bin = static_cast<GstElement*>(g_value_get_object(&values[0]));
          auto* element = static_cast<GstElement*>(g_value_get_object(&values[1]));
          auto* factory = gst_element_get_factory(element);
          if (GST_IS_PIPELINE(bin) && factory != nullptr && g_str_equal(GST_OBJECT_NAME(factory), "webrtcbin")) {
            static_cast<Pipelines*>(data)->all_.with([bin](auto& all) { all.push_back(rtc::share(bin)); });
          }
          return TRUE;
        },
        this, nullptr);
  }
  rtc::Ptr<GstElement> newest() const {
    return all_.with([](const auto& all) { return rtc::share(all.back()); });
  }

 private:
  rtc::Guarded<std::vector<rtc::Ptr<GstElement>>> all_;
};

void fill(DataParty& party, const std::shared_ptr<ChannelLog>& log, int messages) {
  const std::string chunk(16'384, 'x');
  for (int i = 0; i < messages; ++i) party.send(log, chunk, false);
}

}  // namespace

RTC_TEST(four_lanes_carry_bytes_at_once_and_one_that_dies_takes_nothing_with_it) {
  const Pipelines pipelines;
  Call call;
  call.bob.keeps = false;
  std::vector<std::shared_ptr<ChannelLog>> lanes;
  for (int i = 0; i < 4; ++i) {
    lanes.push_back(call.lane(call.alice));
    RTC_ASSERT(lanes.back()->reaches("open"));
    RTC_ASSERT(call.bob.offered(static_cast<std::size_t>(i)) != nullptr);
  }
  RTC_ASSERT_EQ(call.bob.offered(3)->channel->options().protocol, "test.1");
  for (const auto& lane : lanes) fill(call.alice, lane, 64);

  // The last one made is the end of the fourth lane at bob's.
  gst_element_set_state(pipelines.newest().get(), GST_STATE_NULL);
  for (std::size_t i = 0; i < 3; ++i) {
    RTC_ASSERT(waitFor([&] { return call.bob.offered(i)->seen().bytes == 64 * 16'384; }));
  }
  RTC_ASSERT(lanes[3]->reaches("closed"));
  ck_assert_msg(!lanes[3]->seen().why.empty(), "no reason was given");
  for (std::size_t i = 0; i < 3; ++i) {
    fill(call.alice, lanes[i], 16);
    RTC_ASSERT(waitFor([&] { return call.bob.offered(i)->seen().bytes == 80 * 16'384; }));
  }
  RTC_ASSERT(call.alice.connected());
  RTC_ASSERT(call.bob.connected());
}

RTC_TEST(either_side_opens_lanes_up_to_eight_in_all) {
  Call call;
  std::vector<std::shared_ptr<ChannelLog>> lanes;
  for (std::size_t i = 0; i < rtc::Lanes::kMax; ++i) {
    auto& opener = i % 2 == 0 ? call.alice : call.bob;
    lanes.push_back(call.lane(opener));
    RTC_ASSERT(lanes.back()->reaches("open"));
    auto& taker = i % 2 == 0 ? call.bob : call.alice;
    RTC_ASSERT(taker.offered(i / 2) != nullptr);
  }
  RTC_ASSERT(call.alice.openLane(bulk()) == nullptr);
  ck_assert_msg(call.alice.refusal.find("8 lanes") != std::string::npos, "%s", call.alice.refusal.c_str());
}

RTC_TEST(a_lane_that_is_closed_after_its_last_message_loses_nothing_and_makes_room) {
  Call call;
  for (std::size_t i = 0; i < 10; ++i) {
    const auto lane = call.lane(call.alice);
    RTC_ASSERT(lane->reaches("open"));
    call.alice.send(lane, "last words", true);
    call.alice.close(lane);
    const auto theirs = call.bob.offered(i);
    RTC_ASSERT(theirs != nullptr);
    RTC_ASSERT(theirs->reaches("closed"));
    RTC_ASSERT(lane->reaches("closed"));
    RTC_ASSERT_EQ(theirs->seen().messages.size(), 1u);
    RTC_ASSERT_EQ(lane->seen().why, "");
  }
}

RTC_TEST(a_lane_that_is_opened_before_the_peer_says_a_word_waits_for_it) {
  const SignaldProcess service;
  DataParty bob(service.uri(), "bob");
  DataParty alice(service.uri(), "alice");
  alice.wanted_lane = bulk();
  RTC_ASSERT(bob.online());
  RTC_ASSERT(alice.calls("bob"));
  RTC_ASSERT(alice.opened()->reaches("open"));
  RTC_ASSERT(bob.offered()->reaches("open"));
}

RTC_TEST(lanes_end_with_their_call) {
  Call call;
  const auto lane = call.lane(call.alice);
  RTC_ASSERT(lane->reaches("open"));
  const auto theirs = call.bob.offered();
  RTC_ASSERT(theirs != nullptr);
  call.bob.hangUp();
  RTC_ASSERT(lane->reaches("closed"));
  RTC_ASSERT(theirs->reaches("closed"));
  RTC_ASSERT_EQ(call.alice.endReason(), "hangup");
}
