// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/codec_choice.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "plugins/core/words.hpp"

namespace rtc::core {

namespace {

bool carriesMedia(const MediaSection& section) {
  return section.kind() == Kind::Audio || section.kind() == Kind::Video;
}

std::optional<Carried> carriedAt(const CarriedBySection& carried, std::size_t place) {
  return place < carried.size() ? carried[place] : std::nullopt;
}

/// Of redundancy in our own offers, as browsers have it.
constexpr int kRed = 116;
constexpr int kRedRetransmission = 117;
constexpr int kUlpfec = 118;

std::optional<int> payloadTypeOf(const MediaSection& section, std::string_view encoding, int clock_rate) {
  for (const auto& format : section.formats()) {
    if (sameWord(format.encoding, encoding) && format.clock_rate == clock_rate) return format.payload_type;
  }
  return std::nullopt;
}

/// The payload types that belong to what is carried: its own, those of redundancy, and of what is sent again.
std::vector<int> payloadTypesOf(const MediaSection& section, const Carried& carried) {
  std::vector<int> types{carried.payload_type};
  if (carried.redundancy) types.insert(types.end(), {carried.redundancy->red, carried.redundancy->ulpfec});
  auto all = types;
  for (const auto& format : section.formats()) {
    if (!sameWord(format.encoding, "rtx")) continue;
    for (const auto type : types) {
      if (format.parameter("apt") == std::to_string(type)) all.push_back(format.payload_type);
    }
  }
  return all;
}

Format retransmissionOf(int payload_type, int retransmission_type, int clock_rate) {
  return {retransmission_type, "rtx/" + std::to_string(clock_rate), clock_rate, "apt=" + std::to_string(payload_type)};
}

/// What `a=rtpmap` has for redundancy of a stream with this clock.
std::vector<Format> redundancyFormats(int clock_rate, bool sent_again) {
  const auto rate = '/' + std::to_string(clock_rate);
  std::vector<Format> formats{{kRed, "red" + rate, clock_rate, ""}};
  if (sent_again) formats.push_back(retransmissionOf(kRed, kRedRetransmission, clock_rate));
  formats.push_back({kUlpfec, "ulpfec" + rate, clock_rate, ""});
  return formats;
}

/// What a section that only rests must still have for 1.22, as that of the others.
void completeLike(const Sdp& sdp, MediaSection& section, const MediaSection& other) {
  for (const char* name : {"ice-ufrag", "ice-pwd", "setup"}) {
    if (section.attribute(name)) continue;
    const auto own = other.attribute(name);
    if (const auto value = own ? own : sdp.session().attribute(name)) section.setAttribute(name, *value);
  }
}

void rest(const Sdp& sdp, MediaSection& section) {
  const auto& media = sdp.media();
  const auto live = std::find_if(media.begin(), media.end(), [](const MediaSection& each) { return !each.rejected(); });
  if (live == media.end()) return;
  completeLike(sdp, section, *live);
  section.setPort(9);
  section.setDirection(Direction::Inactive);
}

}  // namespace

void offerCodecs(MediaSection& section, const std::vector<Codec>& codecs) {
  const auto feedback = section.feedback();
  const bool sent_again = section.acceptsNack();
  std::optional<int> redundant_at;  // this clock
  std::vector<Format> formats;
  for (const auto codec : codecs) {
    const auto& row = traits(codec);
    formats.push_back({row.payload_type, std::string(row.map), row.clock_rate, std::string(row.parameters)});
    if (redundancyFor(codec, section)) redundant_at = row.clock_rate;
    if (!sent_again || row.retransmission_type == 0) continue;
    formats.push_back(retransmissionOf(row.payload_type, row.retransmission_type, row.clock_rate));
  }
  if (redundant_at) {
    const auto redundancy = redundancyFormats(*redundant_at, sent_again);
    formats.insert(formats.end(), redundancy.begin(), redundancy.end());
  }
  section.setFormats(formats, feedback);
}

std::optional<Carried> chooseFromOffer(const MediaSection& section, const std::vector<Codec>& preferences,
                                       const std::optional<Carried>& before) {
  if (section.rejected()) return std::nullopt;
  const auto offered = section.formats();
  const auto choose = [&offered](Codec codec, std::optional<int> payload_type) -> std::optional<Carried> {
    for (const auto& format : offered) {
      if (payload_type && format.payload_type != *payload_type) continue;
      if (codecOf(format) == codec) return Carried{codec, format.payload_type};
    }
    return std::nullopt;
  };
  if (before) {
    if (const auto again = choose(before->codec, before->payload_type)) return again;
  }
  for (const auto codec : preferences) {
    if (const auto chosen = choose(codec, {})) return chosen;
  }
  return std::nullopt;
}

std::optional<Carried> chosenInAnswer(const MediaSection& section, const std::vector<Codec>& offered) {
  if (section.rejected()) return std::nullopt;
  for (const auto& format : section.formats()) {
    const auto codec = codecOf(format);
    if (codec && std::find(offered.begin(), offered.end(), *codec) != offered.end()) {
      return Carried{*codec, format.payload_type};
    }
  }
  return std::nullopt;
}

std::optional<Redundancy> redundancyFor(Codec codec, const MediaSection& section) {
  const auto& row = traits(codec);
  if (!row.numbers_pictures) return std::nullopt;
  const auto red = payloadTypeOf(section, "red", row.clock_rate);
  const auto ulpfec = payloadTypeOf(section, "ulpfec", row.clock_rate);
  return red && ulpfec ? std::optional(Redundancy{*red, *ulpfec}) : std::nullopt;
}

Sdp narrowed(Sdp remote, const CarriedBySection& carried) {
  const auto original = remote;
  const auto bundled = remote.bundle();
  std::vector<std::string> bundle;
  for (std::size_t i = 0; i < remote.media().size(); ++i) {
    auto& section = remote.media()[i];
    bool in_bundle = std::find(bundled.begin(), bundled.end(), section.mid()) != bundled.end();
    if (const auto codec = carriedAt(carried, i)) {
      section.keepFormats(payloadTypesOf(section, *codec));
    } else if (carriesMedia(section)) {
      rest(original, section);
      in_bundle = true;
    }
    if (in_bundle) bundle.push_back(section.mid());
  }
  if (!bundled.empty()) remote.setBundle(bundle);
  return remote;
}

Sdp withRejections(Sdp answer, const CarriedBySection& carried) {
  auto bundle = answer.bundle();
  const auto before = bundle.size();
  for (std::size_t i = 0; i < answer.media().size(); ++i) {
    auto& section = answer.media()[i];
    if (!carriesMedia(section) || carriedAt(carried, i)) continue;
    section.setPort(0);
    section.setDirection(Direction::Inactive);
    std::erase(bundle, section.mid());
  }
  if (bundle.size() != before) answer.setBundle(bundle);
  return answer;
}

}  // namespace rtc::core
