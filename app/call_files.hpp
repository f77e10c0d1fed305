// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files in the middle of a call: what --send names, and what is to be sent meanwhile; and what the other side sends,
// with --receive.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/event.hpp"
#include "app/gst_ptr.hpp"
#include "app/options.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// Bound to the main thread.
class CallFiles {
 public:
  /// Puts the elements for files into the pipeline of the call, if there is use for them.
  static Result<std::unique_ptr<CallFiles>> make(const Options& options, GstElement* pipeline, Face& face);
  CallFiles(const CallFiles&) = delete;
  CallFiles& operator=(const CallFiles&) = delete;

  /// A call stands.
  void connected();
  void heard(const GstStructure* structure);
  /// False if this call sends no files.
  bool send(const std::string& file);

 private:
  CallFiles(Options options, Face& face) : options_(std::move(options)), face_(face) {}
  void send(const std::vector<std::string>& files);

  const Options options_;
  Face& face_;
  Ptr<GstElement> sender_;
  Ptr<GstElement> receiver_;
  bool sent_ = false;
};

}  // namespace rtc::app
