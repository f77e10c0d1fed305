// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/sdp.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace rtc::core {

namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 3> kKinds = {
    {{Kind::Audio, "audio"}, {Kind::Video, "video"}, {Kind::Application, "application"}}};
constexpr std::array<std::pair<Setup, std::string_view>, 3> kSetups = {
    {{Setup::ActPass, "actpass"}, {Setup::Active, "active"}, {Setup::Passive, "passive"}}};
constexpr std::array<std::pair<Direction, std::string_view>, 4> kDirections = {{{Direction::SendRecv, "sendrecv"},
                                                                                {Direction::SendOnly, "sendonly"},
                                                                                {Direction::RecvOnly, "recvonly"},
                                                                                {Direction::Inactive, "inactive"}}};

template <typename Table, typename Value>
std::string_view wordIn(const Table& table, Value value) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == value; });
  return found == table.end() ? std::string_view{} : found->second;
}

template <typename Value, std::size_t N>
std::optional<Value> valueIn(const std::array<std::pair<Value, std::string_view>, N>& table, std::string_view word) {
  for (const auto& [value, text] : table) {
    if (text == word) return value;
  }
  return std::nullopt;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The value of `a=NAME:value` if the line is that attribute.
std::optional<std::string_view> attributeOf(std::string_view line, std::string_view name) {
  if (!line.starts_with("a=")) return std::nullopt;
  line.remove_prefix(2);
  if (!line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  if (line.empty()) return line;
  if (line.front() != ':') return std::nullopt;
  return line.substr(1);
}

std::string cased(std::string_view text, int (*change)(int)) {
  std::string out;
  for (const char c : text) out.push_back(static_cast<char>(change(static_cast<unsigned char>(c))));
  return out;
}

}  // namespace

std::string_view word(Kind kind) {
  return wordIn(kKinds, kind);
}

std::string_view word(Setup setup) {
  return wordIn(kSetups, setup);
}

std::optional<std::string> Lines::attribute(std::string_view name) const {
  for (const auto& line : lines_) {
    if (const auto value = attributeOf(line, name)) return std::string(*value);
  }
  return std::nullopt;
}

std::vector<std::string> Lines::attributes(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& line : lines_) {
    if (const auto value = attributeOf(line, name)) values.emplace_back(*value);
  }
  return values;
}

void Lines::setAttribute(std::string_view name, std::string_view value) {
  const auto line = "a=" + std::string(name) + ":" + std::string(value);
  bool replaced = false;
  for (auto& old : lines_) {
    if (!attributeOf(old, name)) continue;
    old = line;
    replaced = true;
  }
  if (!replaced) lines_.push_back(line);
}

std::optional<Kind> MediaSection::kind() const {
  const std::string_view line = lines().front();
  return valueIn(kKinds, line.substr(2, line.find(' ') - 2));
}

std::string MediaSection::mid() const {
  return attribute("mid").value_or("");
}

Direction MediaSection::direction() const {
  for (const auto& [direction, name] : kDirections) {
    if (attribute(name)) return direction;
  }
  return Direction::SendRecv;  // RFC 8866 section 6.7: the default
}

bool MediaSection::rejected() const {
  const auto fields = split(lines().front(), ' ');
  return fields.size() > 1 && fields[1] == "0" && !attribute("bundle-only");
}

std::vector<Codec> MediaSection::codecs() const {
  std::vector<Codec> codecs;
  for (const auto& map : attributes("rtpmap")) {
    const auto fields = split(map, ' ');
    if (fields.size() < 2) continue;
    const auto encoding = split(fields[1], '/');
    const auto payload_type = number<int>(fields[0]);
    if (!payload_type || *payload_type < 0 || *payload_type > 127 || encoding.size() < 2) continue;
    codecs.push_back({*payload_type, std::string(encoding[0]), number<int>(encoding[1]).value_or(0), {}});
  }
  for (const auto& format : attributes("fmtp")) {
    const auto space = format.find(' ');
    const auto payload_type = number<int>(std::string_view(format).substr(0, space));
    for (auto& codec : codecs) {
      if (payload_type == codec.payload_type && space != std::string::npos) codec.format = format.substr(space + 1);
    }
  }
  return codecs;
}

std::optional<int> MediaSection::extension(std::string_view uri) const {
  for (const auto& map : attributes("extmap")) {
    const auto fields = split(map, ' ');
    // `3/sendonly` gives a direction too.
    if (fields.size() >= 2 && fields[1] == uri) return number<int>(fields[0].substr(0, fields[0].find('/')));
  }
  return std::nullopt;
}

bool MediaSection::acceptsNack() const {
  const auto feedback = attributes("rtcp-fb");
  return std::any_of(feedback.begin(), feedback.end(), [](const std::string& line) {
    const auto words = split(line, ' ');
    return words.size() == 2 && words[1] == "nack";
  });
}

std::vector<std::uint32_t> MediaSection::ssrcs() const {
  std::vector<std::uint32_t> ssrcs;
  for (const auto& line : attributes("ssrc")) {
    const auto ssrc = number<std::uint32_t>(std::string_view(line).substr(0, line.find(' ')));
    if (ssrc && std::find(ssrcs.begin(), ssrcs.end(), *ssrc) == ssrcs.end()) ssrcs.push_back(*ssrc);
  }
  return ssrcs;
}

Result<Sdp> Sdp::parse(std::string_view text) {
  if (!text.starts_with("v=")) return Error{"the text is no session description: it does not start with v="};
  Sdp sdp;
  Lines* part = &sdp.session_;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line.size() < 2 || line[1] != '=') return Error{"a line of the session description is not KEY=value"};
    if (line.starts_with("m=")) part = &sdp.media_.emplace_back();
    part->lines().emplace_back(line);
  }
  return sdp;
}

std::string Sdp::text() const {
  std::string out;
  const auto add = [&out](const Lines& part) {
    for (const auto& line : part.lines()) out += line + "\r\n";
  };
  add(session_);
  for (const auto& section : media_) add(section);
  return out;
}

std::vector<std::string> Sdp::bundle() const {
  for (const auto& group : session_.attributes("group")) {
    const auto words = split(group, ' ');
    if (!words.empty() && words[0] == "BUNDLE") return {words.begin() + 1, words.end()};
  }
  return {};
}

std::vector<Fingerprint> Sdp::fingerprints(const MediaSection& section) const {
  auto values = section.attributes("fingerprint");
  if (values.empty()) values = session_.attributes("fingerprint");
  std::vector<Fingerprint> fingerprints;
  for (const auto& value : values) {
    const auto words = split(value, ' ');
    if (words.size() == 2) fingerprints.push_back({cased(words[0], std::tolower), cased(words[1], std::toupper)});
  }
  return fingerprints;
}

std::optional<Setup> Sdp::setup(const MediaSection& section) const {
  auto value = section.attribute("setup");
  if (!value) value = session_.attribute("setup");
  return value ? valueIn(kSetups, *value) : std::nullopt;
}

void Sdp::setSetup(Setup setup) {
  for (auto& section : media_) {
    if (section.attribute("setup")) section.setAttribute("setup", word(setup));
  }
}

}  // namespace rtc::core
