// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A call from one pipeline of this process to another, with a view into the pipelines of its peers.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "plugins/session/gst_ptr.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/signald_process.hpp"

namespace rtc::testing {

/// The pipelines of this process that have a webrtcbin, as they were made since `watchPeerPipelines`. Borrowed: one
/// whose call has ended is gone.
std::vector<GstElement*> peerPipelines();
void watchPeerPipelines();

/// The first element of this factory in `bin`, at any depth; null if there is none.
Ptr<GstElement> elementIn(GstElement* bin, const char* factory);

/// A count of the jitter buffer that packets go through: a stream of retransmissions has an idle one.
guint64 jitterBufferCount(GstElement* pipeline, const char* field);

/// How many packets the peer has lately said to have arrived (transport-cc).
guint packetsHeardOf(GstElement* pipeline);

/// `cam` sends a picture to `viewer`, who has seen the first of it.
struct RunningCall {
  /// By default nothing hides the loss of a connection: the call ends with it.
  /// `viewing`: further properties of the viewer's element. `settings`: of both.
  explicit RunningCall(const std::string& picture = "videotestsrc is-live=true", int recovery_ms = 0,
                       const std::string& viewing = "", const std::string& settings = "");

  SignaldProcess service;
  std::unique_ptr<TestPipeline> cam;
  std::unique_ptr<TestPipeline> viewer;
  // Borrowed: where cam's session has its webrtcbin, and where viewer's has its own.
  GstElement* cams_pipeline = nullptr;
  GstElement* viewers_pipeline = nullptr;
};

}  // namespace rtc::testing
