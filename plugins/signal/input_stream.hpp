// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One request pad of `rtcsignalsink`: what comes in is paced, encoded in each codec that a peer takes, and handed to
// the session's peers.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "plugins/session/media_source.hpp"
#include "plugins/signal/encoding.hpp"
#include "plugins/signal/input_format.hpp"

namespace rtc {

/// Made and ended on the application's threads; frames pass on the streaming thread.
class InputStream {
 public:
  /// All are called on the streaming thread.
  struct Options {
    std::function<void()> on_mute;    ///< the pad was muted, or is not any more; on whatever thread does it
    std::function<void()> on_target;  ///< its encoders aim at something else; on any thread
    std::function<void(const std::string&)> on_error;
    std::function<void(core::Codec, GstElement*)> on_encoder;  ///< before the encoder starts
  };

  /// Adds a ghost pad `name` to the bin.
  InputStream(GstBin* bin, core::Kind kind, const char* name, GstPadTemplate* templ, Options options);
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;
  /// Takes the pad and its elements out of the bin.
  ~InputStream();

  GstPad* pad() const { return pad_.get(); }
  bool padMuted() const;
  const std::shared_ptr<MediaSource>& source() const { return source_; }
  /// Finds out what upstream will give, before it does: a call may be offered sooner.
  void foresee() const;

 private:
  /// Null: it could not be made, which was said.
  using Encodings = std::map<core::Codec, std::shared_ptr<Encoding>>;

  void watchInput();
  GstPadProbeReturn capsArrive(const GstCaps* caps);
  GstPadProbeReturn frameArrives();
  Result<Done> buildHead(const InputFormat& format);
  void removeHead();
  void addEncodings();

  GstBin* const bin_;
  const Options options_;
  const std::shared_ptr<MediaSource> source_;
  Ptr<GstElement> clocksync_;
  Ptr<GstElement> tee_;
  Ptr<GstElement> rest_;  ///< takes what no peer does, and the end
  Ptr<GstPad> pad_;
  gulong mute_handler_ = 0;
  // Of the streaming thread.
  std::optional<InputFormat> format_;
  std::vector<Ptr<GstElement>> head_;
  std::size_t codecs_seen_ = 0;

  Guarded<Encodings> encodings_;
};

}  // namespace rtc
