// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/event.hpp"

#include <algorithm>
#include <type_traits>

namespace rtc::app {

namespace {

const StatsEvent::Value* find(const StatsEvent& event, std::string_view name) {
  const auto found =
      std::find_if(event.fields.begin(), event.fields.end(), [name](const auto& field) { return field.first == name; });
  return found == event.fields.end() ? nullptr : &found->second;
}

}  // namespace

std::optional<double> StatsEvent::number(std::string_view name) const {
  const auto* value = find(*this, name);
  if (value == nullptr) return std::nullopt;
  return std::visit(
      [](const auto& held) -> std::optional<double> {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::string>) {
          return std::nullopt;
        } else {
          return static_cast<double>(held);
        }
      },
      *value);
}

std::string StatsEvent::text(std::string_view name) const {
  const auto* value = find(*this, name);
  const auto* held = value == nullptr ? nullptr : std::get_if<std::string>(value);
  return held == nullptr ? "" : *held;
}

}  // namespace rtc::app
