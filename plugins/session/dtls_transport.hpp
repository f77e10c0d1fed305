// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The DTLS transport of one `webrtcbin`: whose certificate it received, and when it closed.
#pragma once

#include <functional>
#include <string>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

/// Bound to the session's thread.
class DtlsTransport {
 public:
  /// `webrtcbin` stays for as long as this does. `on_change` is called on any thread: look at `closed` then.
  DtlsTransport(GstElement* webrtcbin, std::function<void()> on_change);
  DtlsTransport(const DtlsTransport&) = delete;
  DtlsTransport& operator=(const DtlsTransport&) = delete;

  /// After each description, since the transport comes with one of them.
  void look();
  /// The peer closed it, or it failed.
  bool closed() const;
  /// As PEM; empty while there is none.
  std::string remoteCertificate() const;

 private:
  Ptr<GstWebRTCDTLSTransport> current() const;

  GstElement* const webrtcbin_;
  const std::function<void()> on_change_;
  Ptr<GstWebRTCDTLSTransport> watched_;
};

}  // namespace rtc
