// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where a camera or a microphone comes into the pipeline: an element with an open end, in front of which one source
// after the other may stand. The next one takes over when it has something to give; until then the present one goes on.
#pragma once

#include <functional>
#include <memory>

#include "app/gst_ptr.hpp"
#include "app/live_port.hpp"

namespace rtc::app {

/// Bound to the main thread.
class LiveInput : public LivePort {
 public:
  /// `joint` is the name of an element of the pipeline whose sink pad is open; null where there is none.
  static std::unique_ptr<LiveInput> at(GstElement* pipeline, const char* joint);
  LiveInput(const LiveInput&) = delete;
  LiveInput& operator=(const LiveInput&) = delete;
  ~LiveInput() override;

  Result<Done> use(const std::string& description) override;
  bool has(GstObject* object) const override;
  bool remove(GstObject* part) override;
  /// A source of this pipeline has its first data (`rtc-call-input-ready` on the bus). False when it is not this one's.
  bool ready(GstObject* source);

 private:
  struct Callbacks;
  LiveInput(GstElement* pipeline, Ptr<GstPad> joint) : pipeline_(share(pipeline)), joint_(std::move(joint)) {}
  void drop(Ptr<GstElement> source);

  const Ptr<GstElement> pipeline_;
  const Ptr<GstPad> joint_;
  Ptr<GstElement> current_;
  Ptr<GstElement> coming_;
  gulong block_ = 0;  // of what is coming
};

}  // namespace rtc::app
