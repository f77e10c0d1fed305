// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/sdp.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include "plugins/core/words.hpp"

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

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const auto word : words) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

/// The payload types of a `m=` line.
std::vector<int> payloadTypes(std::string_view line) {
  std::vector<int> types;
  const auto fields = split(line, ' ');
  for (std::size_t i = 3; i < fields.size(); ++i) {
    if (const auto type = number<int>(fields[i])) types.push_back(*type);
  }
  return types;
}

/// The payload type that an attribute is about; nothing where it is about none, or about all.
std::optional<int> payloadTypeOf(std::string_view line) {
  for (const char* name : {"rtpmap", "fmtp", "rtcp-fb"}) {
    if (const auto value = attributeOf(line, name)) return number<int>(value->substr(0, value->find(' ')));
  }
  return std::nullopt;
}

}  // namespace

std::string Format::parameter(std::string_view name) const {
  for (const auto each : split(parameters, ';')) {
    const auto equals = each.find('=');
    if (equals != std::string_view::npos && sameWord(trimmed(each.substr(0, equals)), name)) {
      return std::string(trimmed(each.substr(equals + 1)));
    }
  }
  return {};
}

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

bool MediaSection::contradictsItself() const {
  std::size_t said = 0;
  for (const auto& [direction, name] : kDirections) said += attributes(name).size();
  return said > 1;
}

bool MediaSection::rejected() const {
  const auto fields = split(lines().front(), ' ');
  return fields.size() > 1 && fields[1] == "0" && !attribute("bundle-only");
}

void MediaSection::setPort(int port) {
  auto fields = split(lines().front(), ' ');
  if (fields.size() < 2) return;
  const auto text = std::to_string(port);
  fields[1] = text;
  lines().front() = joined(fields);
}

void MediaSection::setDirection(Direction direction) {
  std::erase_if(lines(), [](const std::string& line) {
    return std::any_of(kDirections.begin(), kDirections.end(),
                       [&line](const auto& row) { return attributeOf(line, row.second).has_value(); });
  });
  lines().push_back("a=" + std::string(wordIn(kDirections, direction)));
}

std::vector<Format> MediaSection::formats() const {
  std::vector<Format> formats;
  for (const auto& map : attributes("rtpmap")) {
    const auto fields = split(map, ' ');
    if (fields.size() < 2) continue;
    const auto encoding = split(fields[1], '/');
    const auto payload_type = number<int>(fields[0]);
    if (!payload_type || *payload_type < 0 || *payload_type > 127 || encoding.size() < 2) continue;
    formats.push_back({*payload_type, std::string(encoding[0]), number<int>(encoding[1]).value_or(0), {}});
  }
  for (const auto& parameters : attributes("fmtp")) {
    const auto space = parameters.find(' ');
    const auto payload_type = number<int>(std::string_view(parameters).substr(0, space));
    for (auto& format : formats) {
      if (payload_type == format.payload_type && space != std::string::npos) {
        format.parameters = parameters.substr(space + 1);
      }
    }
  }
  const auto order = payloadTypes(lines().front());
  const auto place = [&order](const Format& format) {
    return std::find(order.begin(), order.end(), format.payload_type) - order.begin();
  };
  std::stable_sort(formats.begin(), formats.end(),
                   [&](const Format& a, const Format& b) { return place(a) < place(b); });
  return formats;
}

void MediaSection::keepFormats(const std::vector<int>& payload_types) {
  const auto kept = [&payload_types](std::optional<int> type) {
    return !type || std::find(payload_types.begin(), payload_types.end(), *type) != payload_types.end();
  };
  std::erase_if(lines(), [&kept](const std::string& line) {
    const auto type = payloadTypeOf(line);
    return type && !kept(type);
  });
  auto fields = split(lines().front(), ' ');
  std::vector<std::string_view> rest(fields.begin(), fields.begin() + std::min<std::ptrdiff_t>(3, std::ssize(fields)));
  for (std::size_t i = 3; i < fields.size(); ++i) {
    if (kept(number<int>(fields[i]))) rest.push_back(fields[i]);
  }
  lines().front() = joined(rest);
}

void MediaSection::setFormats(const std::vector<Format>& formats, const std::vector<std::string>& feedback) {
  keepFormats({});
  for (const auto& format : formats) {
    const auto type = std::to_string(format.payload_type);
    lines().front() += ' ' + type;
    lines().push_back("a=rtpmap:" + type + ' ' + format.encoding);
    if (!format.parameters.empty()) lines().push_back("a=fmtp:" + type + ' ' + format.parameters);
    const bool redundancy = format.encoding.starts_with("red/") || format.encoding.starts_with("ulpfec/");
    if (redundancy || !format.parameter("apt").empty()) continue;
    for (const auto& each : feedback) lines().push_back("a=rtcp-fb:" + type + ' ' + each);
  }
}

std::vector<std::string> MediaSection::feedback() const {
  const auto types = payloadTypes(lines().front());
  std::vector<std::string> feedback;
  for (const auto& value : attributes("rtcp-fb")) {
    const auto space = std::min(value.find(' '), value.size());
    const auto type = number<int>(std::string_view(value).substr(0, space));
    if (!types.empty() && type == types.front() && space < value.size()) feedback.push_back(value.substr(space + 1));
  }
  return feedback;
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
    const auto words = split(line, ' ');
    if (words.size() < 2 || !words[1].starts_with("cname:")) continue;
    const auto ssrc = number<std::uint32_t>(words[0]);
    if (ssrc.value_or(0) != 0 && std::find(ssrcs.begin(), ssrcs.end(), *ssrc) == ssrcs.end()) ssrcs.push_back(*ssrc);
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

void Sdp::setBundle(const std::vector<std::string>& mids) {
  std::string group = "BUNDLE";
  for (const auto& mid : mids) group += ' ' + mid;
  for (auto& line : session_.lines()) {
    if (line.starts_with("a=group:BUNDLE")) line = "a=group:" + group;
  }
}

void Sdp::keepOnlyBundle() {
  bool kept = false;
  std::erase_if(session_.lines(), [&kept](const std::string& line) {
    if (!line.starts_with("a=group:")) return false;
    return !line.starts_with("a=group:BUNDLE ") || std::exchange(kept, true);
  });
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
