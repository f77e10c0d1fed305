// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A session description (RFC 8866) as the lines that it is, with just what negotiation asks of it: to look at a
// section's attributes, and to change a line before the description is applied. What is not understood is kept as it
// came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rtc::core {

enum class Kind { Audio, Video, Application };

/// `sendrecv` and the like (RFC 8866 section 6.7).
enum class Direction { SendRecv, SendOnly, RecvOnly, Inactive };

/// Who opens the DTLS connection (RFC 4145 section 4, RFC 8842).
enum class Setup { ActPass, Active, Passive };

std::string_view word(Kind kind);
std::string_view word(Setup setup);

/// One `a=rtpmap` with its `a=fmtp`.
struct Format {
  int payload_type = 0;
  std::string encoding;  ///< as written, e.g. `VP8`
  int clock_rate = 0;
  std::string parameters;  ///< of the fmtp; empty where there are none

  /// The value of one parameter; empty where it has none.
  std::string parameter(std::string_view name) const;
};

/// `a=fingerprint` (RFC 8122): hash function in lower case, digest as upper-case pairs with colons.
struct Fingerprint {
  std::string hash;
  std::string digest;
  bool operator==(const Fingerprint&) const = default;
};

/// The lines of the session part, or of one `m=` section.
class Lines {
 public:
  explicit Lines(std::vector<std::string> lines = {}) : lines_(std::move(lines)) {}

  /// The value of the first `a=NAME` or `a=NAME:value`; empty text for a flag.
  std::optional<std::string> attribute(std::string_view name) const;
  std::vector<std::string> attributes(std::string_view name) const;
  /// Replaces every `a=NAME…`, or adds one.
  void setAttribute(std::string_view name, std::string_view value);

  const std::vector<std::string>& lines() const { return lines_; }
  std::vector<std::string>& lines() { return lines_; }

 private:
  std::vector<std::string> lines_;
};

class MediaSection : public Lines {
 public:
  using Lines::Lines;

  /// Nothing for a kind that we do not know (RFC 8866 section 5.14 has `text` and `message` too).
  std::optional<Kind> kind() const;
  std::string mid() const;
  Direction direction() const;
  /// Whether it says more than one direction.
  bool contradictsItself() const;
  /// Port 0: refused or stopped (RFC 3264 section 6), unless it only waits for its bundle (RFC 9143).
  bool rejected() const;
  void setPort(int port);
  void setDirection(Direction direction);
  /// In the order of the `m=` line, which is that of preference (RFC 8866 section 5.14).
  std::vector<Format> formats() const;
  /// Takes out all that is said of other payload types.
  void keepFormats(const std::vector<int>& payload_types);
  /// Replaces all formats. `encoding` is the whole `a=rtpmap`, e.g. `opus/48000/2`. Each of them but those of
  /// retransmission and redundancy gets the same feedback.
  void setFormats(const std::vector<Format>& formats, const std::vector<std::string>& feedback);
  /// What `a=rtcp-fb` says of the first format (RFC 4585 section 4.2).
  std::vector<std::string> feedback() const;
  /// The number that this RTP header extension has here (RFC 8285 section 5); nothing if it is not used.
  std::optional<int> extension(std::string_view uri) const;
  /// Whether lost packets may be asked for again: a generic NACK for some format (RFC 4585 section 4.2).
  bool acceptsNack() const;
  /// The RTP streams that the sender announced, those of retransmission included. One without a CNAME is none (RFC
  /// 5576 section 6.1), nor does webrtcbin know it.
  std::vector<std::uint32_t> ssrcs() const;
};

class Sdp {
 public:
  /// Fails on text that is no session description at all. Unknown lines are kept.
  static Result<Sdp> parse(std::string_view text);
  std::string text() const;

  const Lines& session() const { return session_; }
  const std::vector<MediaSection>& media() const { return media_; }
  std::vector<MediaSection>& media() { return media_; }

  /// The mids of the `BUNDLE` group (RFC 9143), in order; empty where there is none.
  std::vector<std::string> bundle() const;
  void setBundle(const std::vector<std::string>& mids);
  /// Takes out all groups but the first `BUNDLE`.
  void keepOnlyBundle();
  /// Of the section, or of the session where the section has none of its own. Those that are not two words are left
  /// out.
  std::vector<Fingerprint> fingerprints(const MediaSection& section) const;
  std::optional<Setup> setup(const MediaSection& section) const;
  void setSetup(Setup setup);

 private:
  Lines session_;
  std::vector<MediaSection> media_;
};

}  // namespace rtc::core
