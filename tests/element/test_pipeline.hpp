// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A pipeline under test: launched from its text, and every message that it posts kept.
#pragma once

#include <gst/gst.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/wait.hpp"

namespace rtc::testing {

/// Bound to the thread that made it. Ends in NULL.
class TestPipeline {
 public:
  /// Text that does not parse fails the test.
  explicit TestPipeline(const std::string& launch);
  TestPipeline(const TestPipeline&) = delete;
  TestPipeline& operator=(const TestPipeline&) = delete;
  ~TestPipeline();

  void play();
  void stop();
  GstElement* element() const { return pipeline_; }
  /// Borrowed until the pipeline goes.
  GstElement* named(const char* name) const;

  /// Whether such a message is among those posted, or comes before the deadline.
  bool posts(const std::function<bool(GstMessage*)>& wanted, Duration deadline = kPatience);
  /// An element message of this name whose string fields have these values.
  bool posts(const char* name, const std::map<std::string, std::string>& fields, Duration deadline = kPatience);
  bool callGets(const char* state, Duration deadline = kPatience) {
    return posts("rtc-call", {{"state", state}}, deadline);
  }
  /// The sentence of an error message; empty if none comes.
  std::string error(Duration deadline = kPatience);
  /// The reason with which a call ended; empty if none ends.
  std::string endReason(Duration deadline = kPatience);
  /// The id of the newest call; empty before there is one.
  std::string callId() const;
  /// A field of the newest `rtc-stats`, as a number; nothing before there is one.
  std::optional<double> statistic(const char* field) const;
  /// Waits until that field is at least `least`.
  bool reaches(const char* field, double least, Duration deadline = kPatience);
  std::size_t count(const char* name, const std::map<std::string, std::string>& fields) const;
  /// Drops what was posted so far.
  void forget();

 private:
  struct Unref {
    void operator()(GstMessage* message) const { gst_message_unref(message); }
  };
  void drain();

  GstElement* pipeline_ = nullptr;
  std::vector<std::unique_ptr<GstMessage, Unref>> messages_;
};

}  // namespace rtc::testing
