// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Session descriptions as browsers and `webrtcbin` make them, for tests that read or break them. They use bare line
// feeds; `crlf` gives the wire's form.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/check.hpp"

namespace rtc::testing {

inline constexpr std::string_view kBrowserDigest =
    "3A:96:6D:57:B2:C2:C7:61:A0:46:3E:1C:97:39:D3:F7:0A:88:A0:B1:EC:03:FB:10:A5:5D:3A:37:AB:DD:02:AA";
inline constexpr std::string_view kWebrtcbinDigest =
    "0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E";

/// Audio, video and data, bundled; Opus is 111, VP8 is 96.
inline constexpr std::string_view kBrowserOffer = R"(v=0
o=- 5107184204361034725 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=extmap-allow-mixed
a=msid-semantic: WMS camera
m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0 126
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Hq3x
a=ice-pwd:n0hlXg7PbUv6WcSYXRwKjd2E
a=ice-options:trickle
a=fingerprint:sha-256 3A:96:6D:57:B2:C2:C7:61:A0:46:3E:1C:97:39:D3:F7:0A:88:A0:B1:EC:03:FB:10:A5:5D:3A:37:AB:DD:02:AA
a=setup:actpass
a=mid:0
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=sendrecv
a=msid:camera voice
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:0 PCMU/8000
a=rtpmap:126 telephone-event/8000
a=ssrc:1711308264 cname:cGVlcg
a=ssrc:1711308264 msid:camera voice
m=video 9 UDP/TLS/RTP/SAVPF 96 97 103
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:Hq3x
a=ice-pwd:n0hlXg7PbUv6WcSYXRwKjd2E
a=ice-options:trickle
a=fingerprint:sha-256 3A:96:6D:57:B2:C2:C7:61:A0:46:3E:1C:97:39:D3:F7:0A:88:A0:B1:EC:03:FB:10:A5:5D:3A:37:AB:DD:02:AA
a=setup:actpass
a=mid:1
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=sendrecv
a=msid:camera picture
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:103 H264/90000
a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
a=ssrc-group:FID 2824590771 3404108295
a=ssrc:2824590771 cname:cGVlcg
a=ssrc:2824590771 msid:camera picture
a=ssrc:3404108295 cname:cGVlcg
a=ssrc:3404108295 msid:camera picture
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:Hq3x
a=ice-pwd:n0hlXg7PbUv6WcSYXRwKjd2E
a=ice-options:trickle
a=fingerprint:sha-256 3A:96:6D:57:B2:C2:C7:61:A0:46:3E:1C:97:39:D3:F7:0A:88:A0:B1:EC:03:FB:10:A5:5D:3A:37:AB:DD:02:AA
a=setup:actpass
a=mid:2
a=sctp-port:5000
a=max-message-size:262144
)";

/// Video and data; the certificate stands in the sections, and the only bundled port is the first one's.
inline constexpr std::string_view kWebrtcbinOffer = R"(v=0
o=- 1862870271394087321 0 IN IP4 0.0.0.0
s=-
t=0 0
a=ice-options:trickle
a=group:BUNDLE video0 application1
m=video 9 UDP/TLS/RTP/SAVPF 96
c=IN IP4 0.0.0.0
a=setup:actpass
a=ice-ufrag:fSBh4pVwZPfMmyT3rDN41oIUyJRJ2Hjy
a=ice-pwd:L1iiCdNQ6zxZ8VZ3cuc1gqJrJkXo7IoM
a=rtcp-mux
a=rtcp-rsize
a=sendrecv
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtcp-fb:96 ccm fir
a=ssrc:2371120945 msid:user2036@host-4f1b webrtctransceiver0
a=ssrc:2371120945 cname:user2036@host-4f1b
a=mid:video0
a=fingerprint:sha-256 0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E
m=application 0 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=setup:actpass
a=ice-ufrag:fSBh4pVwZPfMmyT3rDN41oIUyJRJ2Hjy
a=ice-pwd:L1iiCdNQ6zxZ8VZ3cuc1gqJrJkXo7IoM
a=bundle-only
a=mid:application1
a=sctp-port:5000
a=fingerprint:sha-256 0F:74:31:25:CB:A2:13:EC:28:6F:6D:2C:61:FF:5D:C2:BC:B9:DB:3D:98:14:8D:1A:BB:EA:33:0C:A4:60:A8:8E
)";

inline std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

/// `text` with every `from` as `to`; a test whose text lacks `from` is wrong.
inline std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  auto at = out.find(from);
  ck_assert_msg(at != std::string::npos, "the description has no %s", std::string(from).c_str());
  for (; at != std::string::npos; at = out.find(from, at + to.size())) out.replace(at, from.size(), to);
  return out;
}

/// `text` with the first `from` as `to`.
inline std::string replacedOnce(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  const auto at = out.find(from);
  ck_assert_msg(at != std::string::npos, "the description has no %s", std::string(from).c_str());
  return out.replace(at, from.size(), to);
}

}  // namespace rtc::testing
