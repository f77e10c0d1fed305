// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtcdatasink and rtcdatasrc as users see them, over a real service.
#include <unistd.h>

#include <array>
#include <atomic>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

void answer(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

bool ends(TestPipeline& pipeline) {
  return pipeline.posts([](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; });
}

/// A fakesink's count and sum of what came, by probe: nothing is handed off or held. The sink may outlive it.
class Counter {
  struct Seen {
    std::atomic<std::size_t> messages = 0;
    std::atomic<std::size_t> bytes = 0;
  };
  using Shared = std::shared_ptr<Seen>;
  const Shared seen_ = std::make_shared<Seen>();

 public:
  explicit Counter(GstElement* sink) {
    auto* pad = gst_element_get_static_pad(sink, "sink");
    gst_pad_add_probe(
        pad, GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
          auto& seen = **static_cast<Shared*>(data);
          seen.bytes += gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
          ++seen.messages;
          return GST_PAD_PROBE_OK;
        },
        new Shared(seen_), [](gpointer data) noexcept { delete static_cast<Shared*>(data); });
    gst_object_unref(pad);
  }
  const std::atomic<std::size_t>& messages = seen_->messages;
  const std::atomic<std::size_t>& bytes = seen_->bytes;
};

/// One end of a terminal.
struct Pipe {
  Pipe() { ck_assert(pipe(ends.data()) == 0); }
  ~Pipe() {
    close(ends[0]);
    close(ends[1]);
  }
  void type(const std::string& line) const {
    ck_assert(write(ends[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  }
  std::string read(std::size_t size) const {
    std::string text(size, '\0');
    for (std::size_t got = 0; got < size;) {
      const auto more = ::read(ends[0], text.data() + got, size - got);
      ck_assert(more > 0);
      got += static_cast<std::size_t>(more);
    }
    return text;
  }
  std::string in() const { return std::to_string(ends[0]); }
  std::string out() const { return std::to_string(ends[1]); }
  std::array<int, 2> ends{};
};

/// A chat at a terminal, as gst-launch-1.0 would run it.
std::string chat(const SignaldProcess& service, const std::string& user, const Pipe& keyboard, const Pipe& screen,
                 const std::string& more = {}) {
  return "fdsrc fd=" + keyboard.in() + " ! text/x-raw,format=utf8 ! rtcdatasink label=chat" + login(service, user) +
         more + " rtcdatasrc label=chat ! text/x-raw,format=utf8 ! fdsink sync=false fd=" + screen.out();
}

std::string sentenceOf(const std::string& launch) {
  TestPipeline pipeline(launch);
  pipeline.play();
  return pipeline.error();
}

void assertHas(const std::string& text, const char* part) {
  ck_assert_msg(text.find(part) != std::string::npos, "\"%s\" lacks \"%s\"", text.c_str(), part);
}

}  // namespace

RTC_TEST(two_terminals_chat) {
  const SignaldProcess service;
  const Pipe alice_types;
  const Pipe alice_sees;
  const Pipe bob_types;
  const Pipe bob_sees;
  TestPipeline bob(chat(service, "bob", bob_types, bob_sees));
  TestPipeline alice(chat(service, "alice", alice_types, alice_sees, "peer=bob"));
  answer(bob);
  alice.play();
  alice_types.type("hello bob\n");
  RTC_ASSERT_EQ(bob_sees.read(10), "hello bob\n");
  bob_types.type("h\xc3\xa9llo alice\n");
  RTC_ASSERT_EQ(alice_sees.read(13), "h\xc3\xa9llo alice\n");
  RTC_ASSERT(alice.posts("rtc-data", {{"state", "open"}, {"label", "chat"}, {"peer", "bob"}}));
  alice.stop();
  RTC_ASSERT(bob.posts("rtc-data", {{"state", "closed"}, {"label", "chat"}, {"peer", "alice"}}));
}

RTC_TEST(a_thousand_readings_a_second_arrive_all_and_then_both_sides_end) {
  const SignaldProcess service;
  TestPipeline logger("rtcdatasrc label=readings" + login(service, "logger") + "! fakesink name=log sync=false");
  TestPipeline sensor(
      "fakesrc sync=true num-buffers=1500 sizetype=fixed sizemax=64 datarate=64000 format=time ! "
      "rtcdatasink label=readings peer=logger" +
      login(service, "sensor"));
  const Counter log(logger.named("log"));
  answer(logger);
  sensor.play();
  RTC_ASSERT(ends(sensor));
  RTC_ASSERT(ends(logger));
  RTC_ASSERT_EQ(log.messages.load(), 1500u);
  RTC_ASSERT_EQ(log.bytes.load(), 1500u * 64);
}

RTC_TEST(upstream_is_held_while_much_waits_and_nothing_is_lost) {
  const SignaldProcess service;
  TestPipeline taker("rtcdatasrc" + login(service, "taker") + "! fakesink name=log sync=false");
  TestPipeline giver(
      "fakesrc num-buffers=2000 sizetype=fixed sizemax=16384 ! identity name=in ! rtcdatasink name=out " +
      std::string("max-bytes=65536 peer=taker") + login(service, "giver"));
  const Counter log(taker.named("log"));
  const Counter in(giver.named("in"));
  giver.play();  // nobody is there yet
  RTC_ASSERT(giver.callGets("ended"));
  RTC_ASSERT(in.messages.load() <= 2u);
  giver.stop();
  giver.forget();
  answer(taker);
  giver.play();
  RTC_ASSERT(ends(giver));
  RTC_ASSERT(ends(taker));
  RTC_ASSERT_EQ(log.bytes.load(), 2000u * 16'384);
}

RTC_TEST(a_sink_that_waits_for_a_peer_stops_at_once) {
  const SignaldProcess service;
  TestPipeline lonely("fakesrc sizetype=fixed sizemax=10 ! rtcdatasink" + login(service, "lonely"));
  for (int round = 0; round < 3; ++round) {
    answer(lonely);
    lonely.stop();
    lonely.forget();
  }
}

RTC_TEST(messages_are_text_or_bytes_by_their_caps_and_keep_their_bounds) {
  const SignaldProcess service;
  TestPipeline taker("rtcdatasrc name=in eos-on-close=false" + login(service, "taker") +
                     "! fakesink name=log sync=false");
  const Counter log(taker.named("log"));
  answer(taker);
  for (const std::string caps : {"text/x-raw,format=utf8", "application/octet-stream"}) {
    TestPipeline giver("fakesrc num-buffers=3 filltype=zero sizetype=fixed sizemax=7 ! " + caps +
                       " ! rtcdatasink peer=taker" + login(service, "giver"));
    const auto before = log.messages.load();
    giver.play();
    RTC_ASSERT(ends(giver));
    RTC_ASSERT(waitFor([&] { return log.messages == before + 3; }));
    auto* pad = gst_element_get_static_pad(taker.named("in"), "src");
    auto* now = gst_pad_get_current_caps(pad);
    auto* expected = gst_caps_from_string(caps.c_str());
    RTC_ASSERT(gst_caps_is_subset(now, expected) != FALSE);
    gst_caps_unref(expected);
    gst_caps_unref(now);
    gst_object_unref(pad);
  }
  RTC_ASSERT_EQ(log.bytes.load(), 6u * 7);
}

RTC_TEST(the_side_that_receives_may_open_the_channel) {
  const SignaldProcess service;
  TestPipeline giver("fakesrc num-buffers=20 sizetype=fixed sizemax=7 ! rtcdatasink open=false label=feed" +
                     login(service, "giver"));
  TestPipeline taker("rtcdatasrc open=true label=feed peer=giver" + login(service, "taker") +
                     "! fakesink name=log sync=false");
  const Counter log(taker.named("log"));
  answer(giver);
  taker.play();
  RTC_ASSERT(ends(taker));
  RTC_ASSERT(giver.posts("rtc-data", {{"state", "open"}, {"direction", "incoming"}, {"label", "feed"}}));
  RTC_ASSERT_EQ(log.messages.load(), 20u);
}

RTC_TEST(several_channels_and_a_negotiated_one_share_a_session_with_media) {
  const SignaldProcess service;
  const std::string picture = "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! ";
  const std::string messages = "fakesrc is-live=true sizetype=fixed sizemax=64 datarate=6400 do-timestamp=true ! ";
  TestPipeline giver(picture + "rtcsignalsink" + login(service, "giver") + messages + "rtcdatasink label=one " +
                     messages + "rtcdatasink label=two ordered=false max-retransmits=0 " + messages +
                     "rtcdatasink label=three negotiated=true id=5");
  TestPipeline taker("rtcsignalsrc name=in peer=giver" + login(service, "taker") +
                     "in.video_0 ! fakesink rtcdatasrc label=one ! fakesink name=one rtcdatasrc label=two ! fakesink "
                     "name=two rtcdatasrc label=three negotiated=true id=5 ! fakesink name=three");
  const Counter one(taker.named("one"));
  const Counter two(taker.named("two"));
  const Counter three(taker.named("three"));
  answer(giver);
  taker.play();
  RTC_ASSERT(taker.reaches("video-in-decoded", 10));
  for (const auto* counter : {&one, &two, &three}) RTC_ASSERT(waitFor([&] { return counter->messages >= 50; }));
}

RTC_TEST(state_is_told_by_property_and_signal) {
  const SignaldProcess service;
  TestPipeline taker("rtcdatasrc name=in" + login(service, "taker") + "! fakesink");
  TestPipeline giver(
      "fakesrc is-live=true sizetype=fixed sizemax=1 datarate=100 do-timestamp=true ! rtcdatasink name=out peer=taker" +
      login(service, "giver"));
  std::atomic<int> opened = 0;
  g_signal_connect_data(
      giver.named("out"), "channel-state-changed",
      G_CALLBACK(+[](GstElement*, const char* peer, const char* label, const char* state, const char*, gpointer data) {
        const bool open = g_str_equal(peer, "taker") && g_str_equal(label, "data") && g_str_equal(state, "open");
        if (open) ++*static_cast<std::atomic<int>*>(data);
      }),
      &opened, nullptr, GConnectFlags(0));
  const auto state = [](GstElement* element) {
    gint value = -1;
    g_object_get(element, "state", &value, nullptr);
    return value;
  };
  RTC_ASSERT_EQ(state(giver.named("out")), 3);
  answer(taker);
  giver.play();
  RTC_ASSERT(waitFor([&] { return opened == 1 && state(giver.named("out")) == 1 && state(taker.named("in")) == 1; }));
  giver.stop();
  RTC_ASSERT(waitFor([&] { return state(taker.named("in")) == 3; }));
}

RTC_TEST(what_cannot_be_sent_is_an_error_that_says_why) {
  const SignaldProcess service;
  const auto sink = "rtcdatasink" + login(service, "giver");
  assertHas(sentenceOf("fakesrc sizetype=fixed sizemax=65537 ! " + sink), "65536");
  assertHas(sentenceOf("fakesrc sizetype=fixed sizemax=9 filltype=pattern ! text/x-raw,format=utf8 ! identity ! " +
                       sink + " max-retransmits=1 max-packet-lifetime=1"),
            "not both");
  assertHas(sentenceOf("fakesrc ! " + sink + " negotiated=true"), "needs an id");
  assertHas(sentenceOf("fakesrc ! " + sink + " id=3"), "negotiated");
  const Pipe keyboard;
  keyboard.type("\xff\xfe");
  assertHas(sentenceOf("fdsrc fd=" + keyboard.in() + " ! text/x-raw,format=utf8 ! " + sink), "UTF-8");
}

RTC_TEST(a_reader_that_is_too_slow_ends_or_drops_as_it_was_told) {
  const SignaldProcess service;
  const auto slow = [&](const std::string& leaky) {
    return "rtcdatasrc name=in max-bytes=20000 leaky=" + leaky + login(service, "taker") +
           "! identity sleep-time=20000 ! fakesink name=log sync=false";
  };
  const std::string fast =
      "fakesrc num-buffers=200 sizetype=fixed sizemax=1000 ! rtcdatasink peer=taker" + login(service, "giver");
  for (const std::string leaky : {"upstream", "downstream", "no"}) {
    TestPipeline taker(slow(leaky));
    TestPipeline giver(fast);
    answer(taker);
    giver.play();
    if (leaky == "no") {
      assertHas(taker.error(), "leaky");
      continue;
    }
    RTC_ASSERT(ends(taker));
    guint64 dropped = 0;
    g_object_get(taker.named("in"), "dropped", &dropped, nullptr);
    RTC_ASSERT(dropped > 100);
  }
}
