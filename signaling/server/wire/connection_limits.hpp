// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one connection may take: time, room and pace. `docs/operating.md` has the reasons.
#pragma once

#include "base/clock.hpp"
#include "base/token_bucket.hpp"
#include "signaling/protocol/limits.hpp"

namespace rtc::signaling {

struct ConnectionLimits {
  Duration tls_handshake{5'000};
  Duration head{5'000};      ///< of a request, from the first moment on
  Duration message{30'000};  ///< from the first byte of a message to its last
  Duration write_stall{10'000};
  /// From the upgrade to a login that succeeds. A person may have to type the name first.
  Duration login{300'000};
  Duration ping{20'000};  ///< below the 30 s after which common proxies cut an idle connection
  int head_bytes = 16 * 1024;
  int message_bytes = static_cast<int>(kMaxMessageBytes);
  int queue_bytes = 1024 * 1024;  ///< waiting to be sent
  /// Of every kind, so that pings and fragments are counted too; the hub counts messages. 0: without limit.
  int frames_per_second = 200;
  int frames_burst = 1'000;

  Rate frames() const { return {static_cast<double>(frames_per_second), static_cast<double>(frames_burst)}; }
  /// Without a word for so long, two pings included, a client is lost.
  Duration silence() const { return ping * 9 / 4; }
};

}  // namespace rtc::signaling
