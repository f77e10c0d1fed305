// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/control.hpp"

#include <array>
#include <utility>

namespace rtc::core {

namespace {

constexpr std::array<std::pair<StreamState, std::string_view>, 3> kStates = {
    {{StreamState::Live, "live"}, {StreamState::Muted, "muted"}, {StreamState::Ended, "ended"}}};

}  // namespace

std::string_view word(StreamState state) {
  return kStates[static_cast<std::size_t>(state)].second;
}

std::optional<StreamState> streamStateOf(std::string_view word) {
  for (const auto& [state, text] : kStates) {
    if (text == word) return state;
  }
  return std::nullopt;
}

}  // namespace rtc::core
