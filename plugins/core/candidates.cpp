// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/candidates.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <vector>

namespace rtc::core {

namespace {

// A peer that sends without end must not fill our memory.
constexpr std::size_t kMaxFoundations = 256;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace

void Candidates::add(std::string_view line) {
  if (line.starts_with("a=")) line.remove_prefix(2);
  constexpr std::string_view kStart = "candidate:";
  if (!line.starts_with(kStart) || kinds_.size() >= kMaxFoundations) return;
  std::istringstream fields{std::string(line.substr(kStart.size()))};
  // foundation component transport priority address port "typ" type
  std::vector<std::string> words;
  for (std::string word; words.size() < 8 && fields >> word;) words.push_back(std::move(word));
  if (words.size() < 8 || words[6] != "typ") return;
  kinds_[words[0]] = {words[7], lower(words[2])};
}

CandidateKind Candidates::kindOf(const std::string& foundation) const {
  const auto known = kinds_.find(foundation);
  return known == kinds_.end() ? CandidateKind{"prflx", ""} : known->second;
}

}  // namespace rtc::core
