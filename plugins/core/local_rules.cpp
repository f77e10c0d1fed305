// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/local_rules.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

namespace rtc::core {

namespace {

/// RFC 5576: `a=ssrc:` and `a=ssrc-group:`.
bool announcesStream(const std::string& line) {
  return line.starts_with("a=ssrc");
}

void keepStreams(MediaSection& section, const MediaSection& before) {
  std::vector<std::string> streams;
  const auto& old = before.lines();
  std::copy_if(old.begin(), old.end(), std::back_inserter(streams), announcesStream);
  if (streams.empty()) return;
  auto& lines = section.lines();
  const auto place = std::find_if(lines.begin(), lines.end(), announcesStream) - lines.begin();
  std::erase_if(lines, announcesStream);
  lines.insert(lines.begin() + place, streams.begin(), streams.end());
}

}  // namespace

Sdp keepingStreams(Sdp description, const Sdp& before) {
  const auto kept = std::min(description.media().size(), before.media().size());
  for (std::size_t i = 0; i < kept; ++i) keepStreams(description.media()[i], before.media()[i]);
  return description;
}

}  // namespace rtc::core
