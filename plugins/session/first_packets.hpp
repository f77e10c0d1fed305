// SPDX-License-Identifier: LGPL-2.1-or-later
//
// G18. One lost packet of an SCTP association's first ones holds it up for three seconds: they are sent again earlier.
#pragma once

#include <memory>

#include "base/task_thread.hpp"
#include "plugins/core/unanswered_packets.hpp"
#include "plugins/session/gst_ptr.hpp"
#include "plugins/session/mailbox.hpp"

namespace rtc {

/// Bound to the session's thread.
class FirstPackets {
 public:
  explicit FirstPackets(TaskThread& thread);
  FirstPackets(const FirstPackets&) = delete;
  FirstPackets& operator=(const FirstPackets&) = delete;
  ~FirstPackets();

  /// Before the first description.
  void watch(GstElement* webrtcbin);

 private:
  using Bytes = core::UnansweredPackets::Bytes;
  using Mail = Mailbox<FirstPackets>;

  void sent(Ptr<GObject> sink, Bytes packet);
  void received(const Bytes& packet);
  void sendAgain();
  void plan();

  TaskThread& thread_;
  core::UnansweredPackets packets_;
  Ptr<GObject> sink_;  ///< by which they go
  Timer next_;
  const std::shared_ptr<Mail> mail_;
};

}  // namespace rtc
