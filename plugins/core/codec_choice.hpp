// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which codec each section of a call carries. An offer of ours names all that we have; of what a peer offers or answers
// one is chosen, and `webrtcbin` is shown that one alone: 1.22 mixes up payload types where a section has several that
// are sent again.
#pragma once

#include <optional>
#include <vector>

#include "plugins/core/codec.hpp"
#include "plugins/core/sdp.hpp"

namespace rtc::core {

/// The payload types of redundancy beside a picture: ULPFEC (RFC 5109) among the picture's packets, all of them in RED
/// (RFC 2198).
struct Redundancy {
  int red = 0;
  int ulpfec = 0;
  bool operator==(const Redundancy&) const = default;
};

/// What one section carries.
struct Carried {
  Codec codec = Codec::Vp8;
  int payload_type = 0;
  std::optional<Redundancy> redundancy = {};
  bool operator==(const Carried&) const = default;
};

/// By the place of the section. Nothing: no picture or sound is carried there.
using CarriedBySection = std::vector<std::optional<Carried>>;

/// Names these codecs in the section of our offer, in place of what stands there; with the feedback that stands there,
/// and redundancy if that is there too.
void offerCodecs(MediaSection& section, const std::vector<Codec>& codecs);

/// The dearest codec of ours in an offered section; the one of `before`, if that is still offered.
std::optional<Carried> chooseFromOffer(const MediaSection& section, const std::vector<Codec>& preferences,
                                       const std::optional<Carried>& before = std::nullopt);

/// What the peer chose of the codecs that we offered it.
std::optional<Carried> chosenInAnswer(const MediaSection& section, const std::vector<Codec>& offered);

/// The redundancy that a peer's section has for this codec. None for a codec that does not number its pictures: a
/// packet of redundancy that is lost would be taken for a lost part of the picture. Chromium has it likewise.
std::optional<Redundancy> redundancyFor(Codec codec, const MediaSection& section);

/// The peer's description as `webrtcbin` is to see it: each section with its one codec. A section that carries nothing
/// only rests there: 1.22 finds the bundle's transport by its first section, whatever becomes of that one.
Sdp narrowed(Sdp remote, const CarriedBySection& carried);

/// Our answer as the peer is to see it: a section that carries nothing is rejected (RFC 3264 section 6).
Sdp withRejections(Sdp answer, const CarriedBySection& carried);

}  // namespace rtc::core
