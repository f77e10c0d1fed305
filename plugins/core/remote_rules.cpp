// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/remote_rules.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/core/words.hpp"

namespace rtc::core {

namespace {

/// Each stream that is sent costs a jitter buffer, a depayloader, and their threads.
constexpr std::size_t kMaxStreams = 64;

bool sends(const MediaSection& section) {
  return section.direction() == Direction::SendRecv || section.direction() == Direction::SendOnly;
}

Result<Done> checkSection(const MediaSection& section, bool data_seen) {
  if (!section.kind()) return Error{"the description has a media section of an unknown kind"};
  if (section.mid().empty()) return Error{"a media section has no mid"};
  if (section.contradictsItself()) return Error{"a media section has more than one direction"};
  if (section.rejected() || *section.kind() == Kind::Application) return Done{};
  if (data_seen) return Error{"a media section follows the data section"};
  if (sends(section) && section.ssrcs().empty()) {
    return Error{"a media section that sends announces no a=ssrc with its cname (RFC 5576)"};
  }
  return Done{};
}

bool isIn(const std::vector<std::string>& bundle, const MediaSection& section) {
  return std::find(bundle.begin(), bundle.end(), section.mid()) != bundle.end();
}

Result<Done> checkBundle(const Sdp& remote, const std::set<std::string>& mids) {
  const auto bundle = remote.bundle();
  for (const auto& mid : bundle) {
    if (!mids.contains(mid)) return Error{"the BUNDLE group names a section that is not there"};
  }
  // One certificate is compared, that of the one transport.
  const auto& sections = remote.media();
  const bool apart = std::any_of(sections.begin(), sections.end(), [&bundle](const MediaSection& section) {
    return !section.rejected() && !isIn(bundle, section);
  });
  if (apart && sections.size() > 1) {
    return Error{"not all media sections share one transport (a=group:BUNDLE, RFC 9143)"};
  }
  return Done{};
}

Result<Done> checkStreams(const Sdp& remote) {
  std::size_t streams = 0;
  for (const auto& section : remote.media()) streams += section.ssrcs().size();
  if (streams > kMaxStreams)
    return Error{"the description announces more than " + std::to_string(kMaxStreams) + " streams"};
  return Done{};
}

bool sameSection(const MediaSection& a, const MediaSection& b) {
  return a.mid() == b.mid() && a.kind() == b.kind();
}

Result<Done> checkSuccession(const Sdp& remote, const Sdp& previous) {
  const auto& before = previous.media();
  const auto& now = remote.media();
  if (now.size() < before.size()) return Error{"media sections of the call were taken out"};
  if (!std::equal(before.begin(), before.end(), now.begin(), sameSection)) {
    return Error{"media sections of the call changed their order, name or kind"};
  }
  if (announcedFingerprints(remote) != announcedFingerprints(previous)) {
    return Error{"the certificate's fingerprint changed during the call"};
  }
  return Done{};
}

/// The parameters of an `a=fmtp` without those of this name.
std::string withoutParameter(std::string_view format, std::string_view name) {
  std::string kept;
  while (!format.empty()) {
    const auto end = std::min(format.find(';'), format.size());
    const auto parameter = trimmed(format.substr(0, end));
    format.remove_prefix(std::min(end + 1, format.size()));
    if (parameter.empty() || parameter.substr(0, parameter.find('=')) == name) continue;
    if (!kept.empty()) kept += ';';
    kept += parameter;
  }
  return kept;
}

// Opus' sprop-stereo only hints at what is sent (RFC 7587 section 6.1); where it differs from ours, 1.22 would not send
// at all.
void dropStereoHint(MediaSection& section) {
  constexpr std::string_view kHint = "sprop-stereo";
  std::vector<std::string> kept;
  for (auto& line : section.lines()) {
    if (!line.starts_with("a=fmtp:") || line.find(kHint) == std::string::npos) {
      kept.push_back(std::move(line));
      continue;
    }
    const auto parameters = std::min(line.find(' '), line.size());
    const auto rest = withoutParameter(std::string_view(line).substr(parameters), kHint);
    if (!rest.empty()) kept.push_back(line.substr(0, parameters) + ' ' + rest);
  }
  section.lines() = std::move(kept);
}

// Before a bundle is agreed on each section may have a transport of its own; then that of the first counts (RFC 9143
// section 7.2.1). 1.22 refuses the description for the difference.
void shareTransport(Sdp& remote) {
  const auto bundle = remote.bundle();
  const MediaSection* first = nullptr;
  for (auto& section : remote.media()) {
    if (!isIn(bundle, section)) continue;
    if (first == nullptr) {
      first = &section;
      continue;
    }
    for (const char* name : {"ice-ufrag", "ice-pwd"}) {
      if (const auto value = first->attribute(name)) section.setAttribute(name, *value);
    }
  }
}

}  // namespace

Result<Done> checkRemote(const Sdp& remote, const std::optional<Sdp>& previous) {
  if (remote.media().empty()) return Error{"the description has no media section"};
  std::set<std::string> mids;
  bool data_seen = false;
  for (const auto& section : remote.media()) {
    if (auto checked = checkSection(section, data_seen); !checked) return checked;
    // A stream that fits no section is taken for the first one's, and a data section there is a crash. What is added
    // later can only come behind.
    data_seen = data_seen || (!previous && section.kind() == Kind::Application);
    if (!mids.insert(section.mid()).second) return Error{"two media sections have the same mid"};
  }
  if (auto checked = checkBundle(remote, mids); !checked) return checked;
  if (auto checked = checkStreams(remote); !checked) return checked;
  if (announcedFingerprints(remote).empty()) {
    return Error{
        "the description announces no certificate, or not the same for all sections (a=fingerprint, RFC 8122)"};
  }
  return previous ? checkSuccession(remote, *previous) : Done{};
}

Result<Done> checkAnswer(const Sdp& answer, const Sdp& offer) {
  const auto& theirs = answer.media();
  const auto& ours = offer.media();
  if (!std::equal(theirs.begin(), theirs.end(), ours.begin(), ours.end(), sameSection)) {
    return Error{"the answer's media sections are not the offer's (RFC 3264 section 6)"};
  }
  return Done{};
}

Sdp adaptRemote(Sdp remote) {
  const auto fingerprints = announcedFingerprints(remote);
  for (auto& section : remote.media()) {
    // 1.22 refuses the whole description for a rejected section without a fingerprint.
    if (!fingerprints.empty() && remote.fingerprints(section).empty()) {
      section.setAttribute("fingerprint", fingerprints.front().hash + " " + fingerprints.front().digest);
    }
    dropStereoHint(section);
  }
  // 1.22 looks at the first group alone.
  remote.keepOnlyBundle();
  shareTransport(remote);
  return remote;
}

std::vector<Fingerprint> announcedFingerprints(const Sdp& remote) {
  std::vector<Fingerprint> announced;
  for (const auto& section : remote.media()) {
    auto fingerprints = remote.fingerprints(section);
    if (fingerprints.empty() && section.rejected()) continue;
    if (fingerprints.empty() || (!announced.empty() && announced != fingerprints)) return {};
    announced = std::move(fingerprints);
  }
  return announced;
}

}  // namespace rtc::core
