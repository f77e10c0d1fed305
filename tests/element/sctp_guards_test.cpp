// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The guards of data channels against a bare webrtcbin, which sends what a browser would not, and over a path that
// loses what the test says.
#include <gst/app/gstappsrc.h>
#include <gst/sctp/sctpsendmeta.h>

#include <atomic>
#include <string_view>

#include "base/signal.hpp"
#include "plugins/session/data_channels.hpp"
#include "plugins/session/guards.hpp"
#include "tests/element/raw_peer.hpp"
#include "tests/support/check.hpp"

using rtc::DataChannel;
using rtc::DataMessage;
using rtc::core::ChannelOptions;
using rtc::testing::RawPeer;
using rtc::testing::waitFor;

namespace {

using Texts = std::vector<std::string>;

/// Our channels on one webrtcbin.
class Guarded {
 public:
  explicit Guarded(GstElement* webrtcbin) {
    rtc::DataChannels::Listener listener;
    listener.on_incoming = [this](const auto& channel) { take(channel); };
    listener.on_flood = [] {};
    listener.on_packet = [] {};
    thread_.run([&] { channels_ = std::make_unique<rtc::DataChannels>(thread_, webrtcbin, std::move(listener)); });
  }
  ~Guarded() {
    thread_.run([this] {
      channels_->end({});
      channels_.reset();
      taken_.clear();
    });
  }

  std::shared_ptr<DataChannel> open(const ChannelOptions& options) {
    std::shared_ptr<DataChannel> channel;
    thread_.run([&] {
      channel = channels_->open(options).value();
      take(channel);
    });
    return channel;
  }
  void trust() {
    thread_.run([this] { channels_->trust(); });
  }
  void send(const std::shared_ptr<DataChannel>& channel, std::string_view text) {
    thread_.run([&] { ck_assert(channel->send(DataMessage::copyOf(text, true)).ok()); });
  }
  bool isOpen(const std::shared_ptr<DataChannel>& channel) {
    return waitFor([&] {
      bool open = false;
      thread_.run([&] { open = channel->state() == DataChannel::State::Open; });
      return open;
    });
  }
  Texts texts() const { return texts_.copy(); }
  bool hears(const Texts& expected) const {
    return waitFor([&] { return texts() == expected; });
  }

 private:
  void take(const std::shared_ptr<DataChannel>& channel) {
    taken_.push_back(channel);
    DataChannel::Listener listener;
    listener.on_message = [this](const DataMessage& message) {
      texts_.with([&](Texts& texts) { texts.emplace_back(message.view()); });
    };
    channel->listen(std::move(listener));
  }

  rtc::Guarded<Texts> texts_;
  std::vector<std::shared_ptr<DataChannel>> taken_;
  rtc::TaskThread thread_{"channels"};
  std::unique_ptr<rtc::DataChannels> channels_;
};

struct Pair {
  Pair() : left("webrtcbin name=webrtc"), right("webrtcbin name=webrtc") {
    for (auto* peer : {&left, &right}) peer->pipeline().play();
    left.trickleTo(right);
    right.trickleTo(left);
  }
  RawPeer left;
  RawPeer right;
};

rtc::Ptr<GstWebRTCDataChannel> rawChannel(RawPeer& peer, const char* label) {
  GstWebRTCDataChannel* channel = nullptr;
  g_signal_emit_by_name(peer.webrtcbin(), "create-data-channel", label, nullptr, &channel);
  return rtc::adopt(channel);
}

bool isOpen(const rtc::Ptr<GstWebRTCDataChannel>& channel) {
  return waitFor([&] {
    GstWebRTCDataChannelState state = GST_WEBRTC_DATA_CHANNEL_STATE_CONNECTING;
    g_object_get(channel.get(), "ready-state", &state, nullptr);
    return state == GST_WEBRTC_DATA_CHANNEL_STATE_OPEN;
  });
}

void say(const rtc::Ptr<GstWebRTCDataChannel>& channel, const char* text) {
  g_signal_emit_by_name(channel.get(), "send-string", text);
}

/// Every element of a factory in the bin, however deep.
std::vector<rtc::Ptr<GstElement>> elements(GstElement* bin, const char* factory) {
  std::vector<rtc::Ptr<GstElement>> found;
  auto* all = gst_bin_iterate_all_by_element_factory_name(GST_BIN(bin), factory);
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(all, &item) == GST_ITERATOR_OK) {
    found.push_back(rtc::share(static_cast<GstElement*>(g_value_get_object(&item))));
    g_value_unset(&item);
  }
  gst_iterator_free(all);
  return found;
}

/// Past all checks of the sender's webrtcbin.
void inject(RawPeer& peer, guint32 ppid, std::string_view bytes) {
  const auto sources = elements(peer.webrtcbin(), "appsrc");
  ck_assert(!sources.empty());
  auto* buffer = gst_buffer_new_memdup(bytes.data(), bytes.size());
  gst_sctp_buffer_add_send_meta(buffer, ppid, TRUE, GST_SCTP_SEND_META_PARTIAL_RELIABILITY_NONE, 0);
  ck_assert(gst_app_src_push_buffer(GST_APP_SRC(sources.front().get()), buffer) == GST_FLOW_OK);
}

/// Loses the first packets of a peer that carry `text`.
class Loss {
 public:
  Loss(RawPeer& peer, std::string text, int packets) : text_(std::move(text)), left_(packets) {
    const auto encoders = elements(peer.webrtcbin(), "sctpenc");
    const auto pad = rtc::adopt(gst_element_get_static_pad(encoders.front().get(), "src"));
    gst_pad_add_probe(
        pad.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad*, GstPadProbeInfo* info, gpointer data) noexcept {
          return static_cast<Loss*>(data)->loses(GST_PAD_PROBE_INFO_BUFFER(info)) ? GST_PAD_PROBE_DROP
                                                                                  : GST_PAD_PROBE_OK;
        },
        this, nullptr);
  }
  int left() const { return left_; }

 private:
  bool loses(GstBuffer* packet) {
    GstMapInfo map;
    ck_assert(gst_buffer_map(packet, &map, GST_MAP_READ) != FALSE);
    const std::string_view bytes(reinterpret_cast<const char*>(map.data), map.size);
    const bool carries = bytes.find(text_) != std::string_view::npos;
    gst_buffer_unmap(packet, &map);
    return carries && left_-- > 0;
  }
  const std::string text_;
  std::atomic<int> left_;
};

/// Sends a message whose packets are lost so often, and another one; gives what arrives.
Texts deliveredWith(const ChannelOptions& options, int lost_packets) {
  Pair pair;
  Guarded sender(pair.left.webrtcbin());
  Guarded taker(pair.right.webrtcbin());
  const auto channel = sender.open(options);
  negotiate(pair.left, pair.right);
  sender.trust();
  taker.trust();
  ck_assert(sender.isOpen(channel));
  sender.send(channel, "before");
  ck_assert(taker.hears({"before"}));
  const Loss loss(pair.left, "fragile", lost_packets);
  sender.send(channel, "fragile");
  ck_assert(waitFor([&] { return loss.left() <= 0; }));
  sender.send(channel, "after");
  ck_assert(waitFor([&] { return taker.texts().back() == "after"; }));
  return taker.texts();
}

}  // namespace

RTC_TEST(a_reliable_message_is_sent_until_it_arrives) {
  RTC_ASSERT(deliveredWith({}, 2) == (Texts{"before", "fragile", "after"}));
}

RTC_TEST(a_message_is_sent_again_as_often_as_was_said_and_no_more) {
  ChannelOptions once_more;
  once_more.max_retransmits = 1;
  RTC_ASSERT(deliveredWith(once_more, 1) == (Texts{"before", "fragile", "after"}));
  RTC_ASSERT(deliveredWith(once_more, 2) == (Texts{"before", "after"}));
}

RTC_TEST(a_message_is_not_sent_again_when_its_time_is_over) {
  ChannelOptions brief;
  brief.max_lifetime = 300;  // less than the first time-out of SCTP
  RTC_ASSERT(deliveredWith(brief, 1) == (Texts{"before", "after"}));
}

RTC_TEST(nothing_is_told_before_the_peer_is_trusted_and_then_all_of_it) {
  Pair pair;
  Guarded ours(pair.right.webrtcbin());
  const auto theirs = rawChannel(pair.left, "early");
  negotiate(pair.left, pair.right);
  ck_assert(isOpen(theirs));
  say(theirs, "one");
  const auto second = rawChannel(pair.left, "second");
  ck_assert(isOpen(second));
  RTC_ASSERT(ours.texts().empty());
  say(theirs, "two");
  ours.trust();
  RTC_ASSERT(ours.hears({"one", "two"}));
}

RTC_TEST(a_message_of_an_unknown_kind_or_a_malformed_opening_harms_no_channel) {
  for (const auto& [ppid, bytes] : std::vector<std::pair<guint32, std::string>>{{99, "what is this"},
                                                                                {50, "x"},
                                                                                {50, std::string(40, '\xff')},
                                                                                {50, std::string("\3\0", 2)},
                                                                                {50, std::string("\2", 1)}}) {
    Pair pair;
    Guarded ours(pair.right.webrtcbin());
    const auto theirs = rawChannel(pair.left, "hostile");
    negotiate(pair.left, pair.right);
    ck_assert(isOpen(theirs));
    ours.trust();
    say(theirs, "one");
    RTC_ASSERT(ours.hears({"one"}));
    inject(pair.left, ppid, bytes);
    say(theirs, "two");
    RTC_ASSERT(ours.hears({"one", "two"}));
  }
}

RTC_TEST(a_request_to_open_a_channel_that_both_know_harms_no_channel) {
  Pair pair;
  Guarded ours(pair.right.webrtcbin());
  ChannelOptions shared;
  shared.negotiated = true;
  shared.id = 0x7;
  const auto channel = ours.open(shared);
  const auto options =
      rtc::adopt(gst_structure_new("options", "negotiated", G_TYPE_BOOLEAN, TRUE, "id", G_TYPE_INT, 7, nullptr));
  GstWebRTCDataChannel* made = nullptr;
  g_signal_emit_by_name(pair.left.webrtcbin(), "create-data-channel", "x", options.get(), &made);
  const auto theirs = rtc::adopt(made);
  negotiate(pair.left, pair.right);
  ours.trust();
  ck_assert(isOpen(theirs));
  inject(pair.left, 50, std::string("\3\0\0\0\0\0\0\0\0\0\0\0", 12));
  say(theirs, "still here");
  RTC_ASSERT(ours.hears({"still here"}));
}

RTC_TEST(a_full_association_whose_peer_is_gone_lets_its_pipeline_go) {
  Pair pair;
  Guarded sender(pair.left.webrtcbin());
  Guarded taker(pair.right.webrtcbin());
  const std::vector<std::shared_ptr<DataChannel>> channels = {sender.open({}), sender.open({})};
  negotiate(pair.left, pair.right);
  sender.trust();
  taker.trust();
  for (const auto& channel : channels) ck_assert(sender.isOpen(channel));
  const Loss loss(pair.left, "", G_MAXINT);
  const std::string message(60'000, 'x');
  // More than SCTP keeps: one channel waits for room in it, the other for its turn.
  for (int i = 0; i < 30; ++i) {
    for (const auto& channel : channels) sender.send(channel, message);
  }
  ck_assert(waitFor([&] { return loss.left() < G_MAXINT - 2; }));
  auto* pipeline = GST_ELEMENT(GST_OBJECT_PARENT(pair.left.webrtcbin()));
  rtc::letSendersGo(pipeline);
  ck_assert_int_eq(gst_element_set_state(pipeline, GST_STATE_NULL), GST_STATE_CHANGE_SUCCESS);
}
