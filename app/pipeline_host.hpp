// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A pipeline in this program: started, listened to, and stopped within a time that is known.
#pragma once

#include <functional>

#include "app/gst_ptr.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// Bound to the main thread.
class PipelineHost {
 public:
  /// `on_message` gets what the pipeline posts, on the main thread.
  PipelineHost(Ptr<GstElement> pipeline, std::function<void(GstMessage*)> on_message);
  PipelineHost(const PipelineHost&) = delete;
  PipelineHost& operator=(const PipelineHost&) = delete;
  ~PipelineHost();

  GstElement* pipeline() const { return pipeline_.get(); }
  Result<Done> start();
  /// False when it did not stop within the limit: then nothing of it may be touched any more, and the process should
  /// end.
  bool stop(Duration limit);

 private:
  struct Callbacks;

  Ptr<GstElement> pipeline_;
  std::function<void(GstMessage*)> on_message_;
  Ptr<GSource> watch_;
};

/// What an error message tells, and where it comes from.
std::string errorText(GstMessage* message);

}  // namespace rtc::app
