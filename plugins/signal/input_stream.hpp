// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One request pad of `rtcsignalsink`: what comes in is paced, encoded if it is raw, and handed to the session's peers.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "plugins/session/fan_out.hpp"

namespace rtc {

/// Made and ended on the application's threads; frames pass on the streaming thread.
class InputStream {
 public:
  /// `bitrate` is asked when the encoder is made, in bit/s. `on_error` posts what went wrong on the streaming thread.
  struct Options {
    std::function<guint()> bitrate;
    std::function<void()> on_mute;  ///< the pad was muted, or is not any more
    std::function<void(const std::string&)> on_error;
  };

  /// Adds a ghost pad `name` to the bin.
  InputStream(GstBin* bin, core::Kind kind, const char* name, GstPadTemplate* templ, Options options);
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;
  /// Takes the pad and its elements out of the bin.
  ~InputStream();

  GstPad* pad() const { return pad_.get(); }
  core::Kind kind() const { return kind_; }
  bool padMuted() const;
  const std::shared_ptr<FanOut>& fanOut() const { return fan_out_; }

 private:
  GstPadProbeReturn capsArrive(const GstCaps* caps);
  Result<Done> build(const GstCaps* caps);
  void dropUnwanted(GstPad* pad);
  void take(GstElement* appsink);
  void frameArrives(GstSample* sample);

  GstBin* const bin_;
  const core::Kind kind_;
  const Options options_;
  Ptr<GstElement> clocksync_;
  Ptr<GstElement> appsink_;
  std::vector<Ptr<GstElement>> elements_;
  Ptr<GstPad> pad_;
  gulong mute_handler_ = 0;
  std::shared_ptr<FanOut> fan_out_;
};

}  // namespace rtc
