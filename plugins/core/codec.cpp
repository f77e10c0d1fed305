// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/codec.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "plugins/core/words.hpp"

namespace rtc::core {

namespace {

// The payload types are those that browsers use, where they have one for the codec.
constexpr std::array<CodecTraits, 5> kTraits = {{
    {Codec::Vp8, Kind::Video, "vp8", "VP8", "VP8/90000", 90'000, 96, 97, "", true},
    {Codec::Vp9, Kind::Video, "vp9", "VP9", "VP9/90000", 90'000, 98, 99, "profile-id=0", true},
    {Codec::H264, Kind::Video, "h264", "H264", "H264/90000", 90'000, 102, 103,
     "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"},
    {Codec::Av1, Kind::Video, "av1", "AV1", "AV1/90000", 90'000, 104, 105},
    // RFC 7587 section 7: always announced as two channels.
    {Codec::Opus, Kind::Audio, "opus", "OPUS", "opus/48000/2", 48'000, 111, 0, "minptime=10;useinbandfec=1"},
}};

/// RFC 6184 section 8.1: three ways to say constrained baseline. A stream without a profile is plain baseline; such
/// streams keep to the constrained one in practice, since nobody implements the rest of it.
bool constrainedBaseline(std::string_view profile_level_id) {
  if (profile_level_id.empty()) return true;
  unsigned value = 0;
  const auto* last = profile_level_id.data() + profile_level_id.size();
  const auto [end, error] = std::from_chars(profile_level_id.data(), last, value, 16);
  if (error != std::errc() || end != last || profile_level_id.size() != 6) return false;
  const auto profile = value >> 16;
  const auto constraints = value >> 8 & 0xff;
  return (profile == 0x42 && (constraints & 0x40) != 0) || (profile == 0x4d && (constraints & 0x80) != 0) ||
         (profile == 0x58 && (constraints & 0xc0) == 0xc0);
}

bool inOurProfile(Codec codec, const Format& format) {
  const auto is = [&format](std::string_view name, std::string_view fallback, std::string_view wanted) {
    const auto value = format.parameter(name);
    return (value.empty() ? fallback : std::string_view(value)) == wanted;
  };
  switch (codec) {
    case Codec::H264:  // a browser offers it in both packetization modes; in mode 0 a slice must fit into a packet
      return is("packetization-mode", "0", "1") && constrainedBaseline(format.parameter("profile-level-id"));
    case Codec::Vp9:
      return is("profile-id", "0", "0");
    case Codec::Av1:
      return is("profile", "0", "0");
    case Codec::Vp8:
    case Codec::Opus:
      break;
  }
  return true;
}

}  // namespace

const CodecTraits& traits(Codec codec) {
  return kTraits[static_cast<std::size_t>(codec)];
}

std::string_view word(Codec codec) {
  return traits(codec).word;
}

std::optional<Codec> codecNamed(std::string_view word) {
  const auto* found =
      std::find_if(kTraits.begin(), kTraits.end(), [&](const CodecTraits& each) { return sameWord(each.word, word); });
  return found == kTraits.end() ? std::nullopt : std::optional(found->codec);
}

std::optional<Codec> codecOf(const Format& format) {
  for (const auto& each : kTraits) {
    if (!sameWord(each.encoding, format.encoding) || each.clock_rate != format.clock_rate) continue;
    if (inOurProfile(each.codec, format)) return each.codec;
  }
  return std::nullopt;
}

Result<std::vector<Codec>> codecList(Kind kind, std::string_view text) {
  std::vector<Codec> codecs;
  for (const auto name : split(text, ',')) {
    const auto trimmed_name = trimmed(name);
    const auto codec = codecNamed(trimmed_name);
    if (!codec || traits(*codec).kind != kind) {
      return Error{"\"" + std::string(trimmed_name) + "\" is no codec for " + std::string(word(kind)) + ": there is " +
                   listed(CodecPreferences().of(kind))};
    }
    if (std::find(codecs.begin(), codecs.end(), *codec) == codecs.end()) codecs.push_back(*codec);
  }
  if (codecs.empty()) return Error{"a list of codecs names none"};
  return codecs;
}

std::string listed(const std::vector<Codec>& codecs) {
  std::string text;
  for (const auto codec : codecs) {
    if (!text.empty()) text += ',';
    text += word(codec);
  }
  return text;
}

}  // namespace rtc::core
