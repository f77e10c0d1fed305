// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One stream on its way into one peer's `webrtcbin`: payloader, pad. It is there from the first description on,
// silent until a stream of ours is given to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "plugins/core/negotiation.hpp"
#include "plugins/session/media_source.hpp"

namespace rtc {

/// `feed` and the counters are thread-safe; the rest is bound to the session's thread.
class Sender final : public Subscriber, public std::enable_shared_from_this<Sender> {
 public:
  /// `webrtcbin` knows the line's RTP format from then on. `fec_percentage`: redundancy of a picture that its peer is
  /// offered; 0: none.
  static Result<std::shared_ptr<Sender>> make(GstBin* pipeline, GstElement* webrtcbin, const core::SendLine& line,
                                              unsigned fec_percentage);
  ~Sender() override;

  core::Kind kind() const { return line_.kind; }
  const core::SendLine& line() const { return line_; }
  /// Its number in the description.
  unsigned section() const { return line_.mline; }
  std::uint32_t ssrc() const { return ssrc_; }
  /// As in RTP, e.g. `VP8`.
  std::string encoding() const { return std::string(core::traits(line_.codec).encoding); }

  /// Sends in this format from now on; only while nothing is attached.
  Result<Done> change(const core::SendLine& line);

  /// Takes its frames from `source` from now on; null: from nowhere.
  void attach(const std::shared_ptr<MediaSource>& source);
  std::shared_ptr<MediaSource> source() const { return media_.lock(); }
  /// Its source's frames in its codec.
  std::shared_ptr<FanOut> fanOut() const { return source_.copy().lock(); }

  void feed(GstBuffer* frame) override;

  /// What the peer's path has room for of this stream; the encoder is told.
  void allow(core::Allowance allowance);
  core::Allowance allowance() const override { return allowance_.copy(); }
  /// What the peer loses of this sound, in percent; the encoder is told.
  void expectLoss(unsigned percent);
  unsigned expectedLoss() const override { return expected_loss_; }

  std::uint64_t frames() const { return frames_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint64_t keyFrames() const { return key_frames_; }

 private:
  Sender(GstBin* pipeline, Ptr<GstPad> sink_pad, const core::SendLine& line);
  Result<Done> addPayloader();
  void thin(Instant now);
  void watchRequests();
  void wishKeyFrame() const;

  GstBin* const pipeline_;
  core::SendLine line_;
  const guint32 ssrc_;
  /// `webrtcbin`'s.
  const Ptr<GstPad> sink_pad_;
  const Ptr<GstPad> input_;
  Ptr<GstElement> payloader_;
  std::weak_ptr<MediaSource> media_;
  Guarded<std::weak_ptr<FanOut>> source_;
  std::atomic<bool> needs_key_frame_ = true;
  Guarded<core::Allowance> allowance_;
  Guarded<core::Thinning> thinning_;
  std::atomic<unsigned> expected_loss_ = core::ExpectedLoss::kUnknown;
  std::atomic<std::uint64_t> frames_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> key_frames_ = 0;
};

}  // namespace rtc
