// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One sometimes pad of `rtcsignalsrc`: a received stream, decoded, encoded or in its RTP packets.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "plugins/core/freezes.hpp"
#include "plugins/session/media_sink.hpp"

namespace rtc {

/// What a pad gives.
enum class Output { Raw, Encoded, Rtp };

class OutputStream final : public StreamSink, public std::enable_shared_from_this<OutputStream> {
 public:
  struct Options {
    std::string pad_name;
    core::Codec codec = core::Codec::Vp8;
    Output output = Output::Raw;
    std::function<void()> wish_key_frame;
    /// The end passes the pad: on the streaming thread.
    std::function<void(std::weak_ptr<OutputStream>)> on_finished;
  };

  /// Adds the pad to the bin. `caps` are those of what it will be given. Fails if an element is missing.
  static Result<std::shared_ptr<OutputStream>> make(GstBin* bin, GstPadTemplate* templ, const GstCaps* caps,
                                                    Options options);
  ~OutputStream() override;

  /// Takes the pad and its elements out of the bin. Not on a streaming thread. Thread-safe.
  void remove();

  bool takesPackets() const override { return options_.output == Output::Rtp; }
  bool decodes() const override { return options_.output == Output::Raw; }
  GstClockTime decodingTook() override { return decoding_took_.exchange(0); }
  void push(Ptr<GstBuffer> buffer) override;
  void resume(const GstCaps* packets) override;
  void end() override;
  void rest() override;
  void setLatency(GstClockTime latency) override;
  Counters counters() const override;
  std::string name() const override { return options_.pad_name; }

 private:
  OutputStream(GstBin* bin, Options options);
  bool build(GstPadTemplate* templ, const GstCaps* caps);
  bool takes(GstBuffer* buffer);
  void watchRequests();
  void watchInput();
  void watchOutput(GstElement* last);
  void finishWhenItIsThrough();
  void frameDecoded();
  void outputEvent(GstEvent* event);
  GstBuffer* output(GstBuffer* frame);
  GstBuffer* shownAllTheSame(GstBuffer* picture);

  GstBin* const bin_;
  const Options options_;
  const Ptr<GstElement> row_;  ///< the elements of the stream
  Ptr<GstElement> appsrc_;
  Ptr<GstPad> pad_;
  std::atomic<bool> needs_key_frame_ = true;
  std::atomic<bool> removed_ = false;
  std::atomic<GstClockTime> decoding_since_ = GST_CLOCK_TIME_NONE;
  std::atomic<GstClockTime> decoding_took_ = 0;
  std::atomic<GstClockTime> announced_ = 0;                  ///< how late its frames may come out
  std::atomic<GstClockTime> latency_ = GST_CLOCK_TIME_NONE;  ///< of the whole pipeline, as its sinks were told
  GstClockTimeDiff shown_late_ = 0;                          ///< when the last late one is; of the streaming thread
  Guarded<Counters> counters_;
  Guarded<core::Freezes> freezes_;
};

}  // namespace rtc
