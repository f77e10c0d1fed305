// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/remote_rules.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace rtc::core {

namespace {

bool sends(const MediaSection& section) {
  return section.direction() == Direction::SendRecv || section.direction() == Direction::SendOnly;
}

Result<Done> checkSection(const MediaSection& section, bool data_seen) {
  if (!section.kind()) return Error{"the description has a media section of an unknown kind"};
  if (section.mid().empty()) return Error{"a media section has no mid"};
  if (section.rejected() || *section.kind() == Kind::Application) return Done{};
  // A stream that fits no section is taken for the first one's, and a data section there is a crash.
  if (data_seen) return Error{"a media section follows the data section"};
  if (sends(section) && section.ssrcs().empty()) {
    return Error{"a media section that sends announces no a=ssrc (RFC 5576)"};
  }
  return Done{};
}

Result<Done> checkBundle(const Sdp& remote, const std::set<std::string>& mids) {
  for (const auto& mid : remote.bundle()) {
    if (!mids.contains(mid)) return Error{"the BUNDLE group names a section that is not there"};
  }
  return Done{};
}

Result<Done> checkSuccession(const Sdp& remote, const Sdp& previous) {
  if (remote.media().size() < previous.media().size()) return Error{"media sections of the call were taken out"};
  for (std::size_t i = 0; i < previous.media().size(); ++i) {
    const auto& before = previous.media()[i];
    const auto& now = remote.media()[i];
    if (before.mid() != now.mid() || before.kind() != now.kind()) {
      return Error{"media sections of the call changed their order, name or kind"};
    }
  }
  if (announcedFingerprint(remote) != announcedFingerprint(previous)) {
    return Error{"the certificate's fingerprint changed during the call"};
  }
  return Done{};
}

}  // namespace

Result<Done> checkRemote(const Sdp& remote, const std::optional<Sdp>& previous) {
  if (remote.media().empty()) return Error{"the description has no media section"};
  std::set<std::string> mids;
  bool data_seen = false;
  for (const auto& section : remote.media()) {
    if (auto checked = checkSection(section, data_seen); !checked) return checked;
    data_seen = data_seen || section.kind() == Kind::Application;
    if (!mids.insert(section.mid()).second) return Error{"two media sections have the same mid"};
  }
  if (auto checked = checkBundle(remote, mids); !checked) return checked;
  if (!announcedFingerprint(remote)) {
    return Error{"the description announces no certificate, or several (a=fingerprint, RFC 8122)"};
  }
  return previous ? checkSuccession(remote, *previous) : Done{};
}

Sdp adaptRemote(Sdp remote) {
  const auto fingerprint = announcedFingerprint(remote);
  for (auto& section : remote.media()) {
    // 1.22 refuses the whole description for a rejected section without a fingerprint.
    if (fingerprint && !remote.fingerprint(section)) {
      section.setAttribute("fingerprint", fingerprint->hash + " " + fingerprint->digest);
    }
    // Opus' sprop-* only hint at what is sent (RFC 7587 section 6.1); where they differ, 1.22 would not send at all.
    for (auto& line : section.lines()) {
      if (!line.starts_with("a=fmtp:")) continue;
      for (auto at = line.find("sprop-stereo="); at != std::string::npos; at = line.find("sprop-stereo=")) {
        const auto end = std::min(line.find(';', at), line.size() - 1);
        line.erase(at, end - at + 1);
      }
    }
    std::erase_if(section.lines(), [](const std::string& line) {
      return line.starts_with("a=fmtp:") && (line.ends_with(' ') || line.find(' ') == std::string::npos);
    });
  }
  return remote;
}

std::optional<Fingerprint> announcedFingerprint(const Sdp& remote) {
  std::optional<Fingerprint> announced;
  for (const auto& section : remote.media()) {
    const auto fingerprint = remote.fingerprint(section);
    if (!fingerprint && section.rejected()) continue;
    if (!fingerprint || (announced && *announced != *fingerprint)) return std::nullopt;
    announced = fingerprint;
  }
  return announced;
}

}  // namespace rtc::core
