// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/local_candidates.hpp"

#include <string>
#include <utility>

namespace rtc {

LocalCandidates::LocalCandidates(GMainContext* context, bool relay_only, std::function<void(const Candidate&)> tell)
    : context_(context), relay_only_(relay_only), tell_(std::move(tell)) {}

void LocalCandidates::found(Candidate candidate) {
  const bool relayed = candidate.candidate.find(" typ relay") != std::string::npos;
  const bool last = candidate.candidate.empty();
  if (relay_only_ || !(relayed || (last && relay_delay_.pending()))) {
    tell_(candidate);
    return;
  }
  held_.push_back(std::move(candidate));
  if (relay_delay_.pending()) return;
  relay_delay_ = Timer(context_, kRelayDelay, [this] {
    for (const auto& held : std::exchange(held_, {})) tell_(held);
  });
}

void LocalCandidates::complete() {
  last_ = Timer(context_, kLast, [this] { found({0, {}}); });
}

void LocalCandidates::stop() {
  relay_delay_.cancel();
  last_.cancel();
}

}  // namespace rtc
