// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The codecs that a call can carry: what each is called, what of it we offer, and which formats of a peer are that
// codec.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/core/sdp.hpp"

namespace rtc::core {

enum class Codec { Vp8, Vp9, H264, Av1, Opus };

struct CodecTraits {
  Codec codec = Codec::Vp8;
  Kind kind = Kind::Video;
  std::string_view word;          ///< as users write it: `vp8`
  std::string_view encoding;      ///< as RTP has it, in upper case: `VP8`
  std::string_view map;           ///< as `a=rtpmap` has it: `VP8/90000`
  int clock_rate = 90'000;        ///< in Hz
  int payload_type = 0;           ///< in our own offers
  int retransmission_type = 0;    ///< the payload type of what is sent again (RFC 4588); 0: nothing is
  std::string_view parameters{};  ///< of `a=fmtp` in our own offers
  /// Its packets bear the number of their picture: a gap in RTP's own numbers need not be a gap in the picture.
  bool numbers_pictures = false;
};

const CodecTraits& traits(Codec codec);
std::string_view word(Codec codec);
std::optional<Codec> codecNamed(std::string_view word);

/// Which codec the format is; nothing for one that we do not have, or in a profile that we do not have.
std::optional<Codec> codecOf(const Format& format);

/// Codecs by preference, the dearest first.
struct CodecPreferences {
  std::vector<Codec> video = {Codec::Vp8, Codec::H264, Codec::Vp9, Codec::Av1};
  std::vector<Codec> audio = {Codec::Opus};
  /// Whether pictures are sent and taken with redundancy (RFC 5109 in RFC 2198), from which losses are computed.
  bool redundancy = false;

  const std::vector<Codec>& of(Kind kind) const { return kind == Kind::Video ? video : audio; }
};

/// The codecs of this kind in a text like `vp8,h264`. Fails on a word that is none, and on an empty list.
Result<std::vector<Codec>> codecList(Kind kind, std::string_view text);
/// The reverse of `codecList`.
std::string listed(const std::vector<Codec>& codecs);

}  // namespace rtc::core
