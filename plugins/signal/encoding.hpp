// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One codec's way from an input to the peers that take it: encoded here, encoded anew, or passed on as it comes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "plugins/core/encoder_pace.hpp"
#include "plugins/session/encoders.hpp"
#include "plugins/session/fan_out.hpp"

namespace rtc {

/// Made on the streaming thread, ended when that thread is elsewhere.
class Encoding {
 public:
  struct Options {
    core::Codec codec = core::Codec::Vp8;
    std::optional<core::Codec> given;  ///< what the input is encoded in; nothing: it is raw
    std::shared_ptr<FanOut> fan_out;
    std::function<void(GstElement* encoder)> on_encoder;  ///< before the encoder starts
  };

  /// Adds its elements to the bin, and joins them to a new pad of `tee`.
  static Result<std::shared_ptr<Encoding>> make(GstBin* bin, GstElement* tee, Options options);
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;
  ~Encoding();

 private:
  Encoding(GstBin* bin, Options options);
  Result<Done> build(GstElement* tee);
  Result<std::vector<GstElement*>> encoderRow();
  GstElement* add(const char* factory);
  GstElement* addFilter(const char* caps);
  void watchInput(GstElement* queue);
  void frameEnters();
  void take();
  void takeRequests() const;
  EncoderControl control() const;
  void frameArrives(GstSample* sample);

  GstBin* const bin_;
  const Options options_;
  const Encoder* encoder_ = nullptr;
  GstElement* encoder_element_ = nullptr;
  unsigned bitrate_ = 0;  ///< with which it began, in bit/s
  std::optional<core::EncoderPace> pace_;
  GstClockTime entered_ = GST_CLOCK_TIME_NONE;  ///< the newest frame that is encoded, on the system's clock
  GstClockTime encoding_took_ = GST_CLOCK_TIME_NONE;
  Ptr<GstElement> appsink_;
  Ptr<GstPad> tee_pad_;
  std::vector<Ptr<GstElement>> elements_;
};

}  // namespace rtc
