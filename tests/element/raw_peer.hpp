// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A bare webrtcbin under test, without any of our session around it: to show what a guard is for.
#pragma once

#include <string>

#include "plugins/session/gst_ptr.hpp"
#include "tests/element/test_pipeline.hpp"

namespace rtc::testing {

/// Bound to the thread that made it.
class RawPeer {
 public:
  /// `launch` has a webrtcbin called `webrtc`.
  explicit RawPeer(const std::string& launch);

  TestPipeline& pipeline() { return pipeline_; }
  GstElement* webrtcbin() const { return webrtcbin_; }

  /// Sends its candidates to `other` from now on.
  void trickleTo(RawPeer& other);

  Ptr<GstWebRTCSessionDescription> createOffer() { return create("offer"); }
  Ptr<GstWebRTCSessionDescription> createAnswer() { return create("answer"); }
  void setLocal(GstWebRTCSessionDescription* description) { set("set-local-description", description); }
  void setRemote(GstWebRTCSessionDescription* description) { set("set-remote-description", description); }
  bool connected() const;

 private:
  Ptr<GstWebRTCSessionDescription> create(const char* what);
  void set(const char* action, GstWebRTCSessionDescription* description);

  TestPipeline pipeline_;
  GstElement* webrtcbin_;
};

/// One whole exchange of descriptions.
void negotiate(RawPeer& offerer, RawPeer& answerer);

}  // namespace rtc::testing
