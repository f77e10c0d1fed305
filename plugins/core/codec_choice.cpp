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

/// The payload types that belong to what is carried: its own, and that of what is sent again.
std::vector<int> payloadTypesOf(const MediaSection& section, const Carried& carried) {
  std::vector<int> types{carried.payload_type};
  for (const auto& format : section.formats()) {
    if (sameWord(format.encoding, "rtx") && format.parameter("apt") == std::to_string(carried.payload_type)) {
      types.push_back(format.payload_type);
    }
  }
  return types;
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
  std::vector<Format> formats;
  for (const auto codec : codecs) {
    const auto& row = traits(codec);
    formats.push_back({row.payload_type, std::string(row.map), row.clock_rate, std::string(row.parameters)});
    if (!sent_again || row.retransmission_type == 0) continue;
    formats.push_back({row.retransmission_type, "rtx/" + std::to_string(row.clock_rate), row.clock_rate,
                       "apt=" + std::to_string(row.payload_type)});
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
