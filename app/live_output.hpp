// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where received sound goes out of the pipeline: a sink that may fail, or not open at all, and be exchanged without the
// stream before it noticing. What a sink that has failed does not take is let go.
#pragma once

#include <memory>

#include "app/gst_ptr.hpp"
#include "app/live_port.hpp"

namespace rtc::app {

/// Bound to the main thread, but for its making.
class LiveOutput : public LivePort {
 public:
  /// In `bin`, behind the element named `joint`, whose source pad is open (and may show as the bin's own); null where
  /// there is none. What it plays to until `use` is nothing.
  static std::unique_ptr<LiveOutput> at(GstElement* bin, const char* joint);
  LiveOutput(const LiveOutput&) = delete;
  LiveOutput& operator=(const LiveOutput&) = delete;
  ~LiveOutput() override = default;

  Result<Done> use(const std::string& description) override;
  bool has(GstObject* object) const override;
  bool remove(GstObject* part) override;

 private:
  struct Callbacks;
  void detach();
  LiveOutput(Ptr<GstElement> shell, Ptr<GstPad> entry) : shell_(std::move(shell)), entry_(std::move(entry)) {}

  const Ptr<GstElement> shell_;  // a bin around the sink
  const Ptr<GstPad> entry_;      // its ghost pad
  Ptr<GstElement> sink_;
};

}  // namespace rtc::app
