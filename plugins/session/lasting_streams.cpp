// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/lasting_streams.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/guarded.hpp"

namespace rtc {

/// A stream's way in from one connection.
class LastingStreams::Feed final : public StreamSink {
 public:
  explicit Feed(std::shared_ptr<StreamSink> sink)
      : takes_packets_(sink->takesPackets()), decodes_(sink->decodes()), sink_(std::move(sink)) {}

  bool takesPackets() const override { return takes_packets_; }
  bool decodes() const override { return decodes_; }
  GstClockTime decodingTook() override {
    const auto sink = sink_.copy();
    return sink ? sink->decodingTook() : 0;
  }
  void push(Ptr<GstBuffer> buffer) override {
    if (const auto sink = sink_.copy()) sink->push(std::move(buffer));
  }
  void resume(const GstCaps* packets) override {
    if (const auto sink = sink_.copy()) sink->resume(packets);
  }
  void end() override {
    if (const auto sink = cut()) sink->end();
  }
  void rest() override {
    if (const auto sink = sink_.copy()) sink->rest();
  }
  void setLatency(GstClockTime latency) override {
    if (const auto sink = sink_.copy()) sink->setLatency(latency);
  }
  std::string name() const override {
    const auto sink = sink_.copy();
    return sink ? sink->name() : std::string();
  }
  Counters counters() const override {
    const auto sink = sink_.copy();
    return sink ? sink->counters() : Counters{};
  }

  /// Nothing goes through any more. Null if it was cut before, or has ended.
  std::shared_ptr<StreamSink> cut() {
    return sink_.with([](std::shared_ptr<StreamSink>& sink) { return std::exchange(sink, nullptr); });
  }
  bool over() const {
    return sink_.with([](const std::shared_ptr<StreamSink>& sink) { return sink == nullptr; });
  }

 private:
  const bool takes_packets_;
  const bool decodes_;
  Guarded<std::shared_ptr<StreamSink>> sink_;
};

/// One pad of the user's, whatever it is fed from.
struct LastingStreams::Stream {
  using Wish = Guarded<std::function<void()>>;

  unsigned place;
  Ptr<GstCaps> caps;
  std::shared_ptr<Wish> wish_key_frame;  ///< of the connection that feeds it
  std::shared_ptr<Feed> feed;
  std::shared_ptr<StreamSink> held = nullptr;

  bool fits(const StreamStart& start) const {
    return held && start.place == place && gst_caps_is_equal(start.caps, caps.get()) != FALSE;
  }
};

LastingStreams::LastingStreams(std::function<MediaSink*()> sink) : sink_(std::move(sink)) {}

LastingStreams::~LastingStreams() {
  endHeld();
}

std::shared_ptr<StreamSink> LastingStreams::open(const StreamStart& start) {
  std::erase_if(streams_, [](const Stream& each) { return !each.held && each.feed->over(); });
  const auto held =
      std::find_if(streams_.begin(), streams_.end(), [&](const Stream& each) { return each.fits(start); });
  if (held != streams_.end()) {
    held->wish_key_frame->with([&](std::function<void()>& wish) { wish = start.wish_key_frame; });
    held->held->resume(start.packets);
    return held->feed = std::make_shared<Feed>(std::exchange(held->held, nullptr));
  }
  auto* sink = sink_();
  if (sink == nullptr) return nullptr;
  const auto wish = std::make_shared<Stream::Wish>(start.wish_key_frame);
  auto lasting = start;
  lasting.wish_key_frame = [wish] { wish->copy()(); };
  auto opened = sink->open(lasting);
  if (!opened) return nullptr;
  auto feed = std::make_shared<Feed>(std::move(opened));
  streams_.push_back({start.place, adopt(gst_caps_copy(start.caps)), wish, feed});
  return feed;
}

void LastingStreams::complete() {
  // With its first connection a call begins.
  auto* sink = sink_();
  if (sink != nullptr && !std::exchange(complete_, true)) sink->complete();
}

void LastingStreams::hold() {
  for (auto& stream : streams_) {
    if (auto sink = stream.feed->cut()) stream.held = std::move(sink);
  }
}

void LastingStreams::endHeld() {
  for (auto& stream : streams_) {
    if (const auto held = std::exchange(stream.held, nullptr)) held->end();
  }
}

}  // namespace rtc
