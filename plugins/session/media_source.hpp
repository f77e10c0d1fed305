// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One stream of ours, in each codec that some peer takes. Who makes the frames looks at what is wanted; who sends them
// asks for the fan-out of its codec.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "plugins/core/codec.hpp"
#include "plugins/session/fan_out.hpp"

namespace rtc {

/// Thread-safe.
class MediaSource {
 public:
  using FanOuts = std::map<core::Codec, std::shared_ptr<FanOut>>;

  explicit MediaSource(core::Kind kind) : kind_(kind) {}

  core::Kind kind() const { return kind_; }

  /// Its frames in this codec. They come as soon as somebody subscribes.
  std::shared_ptr<FanOut> fanOut(core::Codec codec);
  FanOuts fanOuts() const { return fan_outs_.copy(); }
  /// How many codecs were asked for so far.
  std::size_t codecs() const { return codecs_.load(std::memory_order_acquire); }

  /// Muted, nothing passes in any codec, and nothing need be encoded.
  void setMuted(bool muted);
  bool muted() const { return muted_; }

  /// Between which rates it is encoded, in each codec; `retarget` makes it so.
  void setBounds(core::BitrateBounds bounds);
  void retarget() const;
  /// Whether a peer is sent no more than its path has room for.
  void setFollowsPath(bool follows) { follows_path_ = follows; }
  bool followsPath() const { return follows_path_; }
  /// What its encoders aim at, all together, in bit/s.
  unsigned target() const;
  /// Called when that changes, on any thread; null: nobody.
  void setOnTarget(std::function<void()> on_target);

  /// In which codec it was given to us; nothing while that is unknown, or for raw media.
  std::optional<core::Codec> given() const { return given_.copy(); }
  void setGiven(std::optional<core::Codec> codec) {
    given_.with([codec](std::optional<core::Codec>& given) { given = codec; });
  }

 private:
  const core::Kind kind_;
  Guarded<FanOuts> fan_outs_;
  Guarded<std::optional<core::Codec>> given_;
  std::atomic<std::size_t> codecs_ = 0;
  std::atomic<bool> muted_ = false;
  std::atomic<bool> follows_path_ = false;
  Guarded<core::BitrateBounds> bounds_;
  Guarded<std::function<void()>> on_target_;
};

/// The preferences with the codecs first in which sources are given to us: those need not be encoded anew.
core::CodecPreferences givenFirst(core::CodecPreferences codecs,
                                  const std::vector<std::shared_ptr<MediaSource>>& sources);

}  // namespace rtc
