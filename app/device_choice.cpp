// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/device_choice.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace rtc::app {

namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return lowered;
}

bool same(const Device& one, const Device& other) {
  return one.name == other.name && one.path == other.path;
}

std::string titles(DeviceKind kind, const std::vector<Device>& there) {
  std::string text;
  for (const auto& device : there) {
    if (device.kind == kind) text += (text.empty() ? "" : ", ") + titleOf(device);
  }
  return text;
}

std::string standIn(DeviceKind kind, bool had_one) {
  if (kind == DeviceKind::Camera) return "the test picture is sent";
  if (kind == DeviceKind::Speaker) return "received sound is only measured";
  return had_one ? "silence is sent" : "a test tone is sent";
}

std::string reasonFor(const Device& device, const DeviceFault& fault) {
  if (fault.kind == DeviceFault::Kind::Busy) return busyInWords(device);
  auto message = fault.message;
  while (message.ends_with('.')) message.pop_back();
  return titleOf(device) + " does not work: " + message;
}

}  // namespace

Result<Device> deviceNamed(DeviceKind kind, const std::string& words, const std::vector<Device>& there) {
  const auto wanted = lower(words);
  std::vector<Device> parts;
  for (const auto& device : there) {
    if (device.kind != kind) continue;
    const auto name = lower(device.name);
    const auto path = lower(device.path);
    if (name == wanted || path == wanted) return device;
    if (name.find(wanted) != std::string::npos || path.find(wanted) != std::string::npos) parts.push_back(device);
  }
  if (parts.size() == 1) return parts.front();
  const std::string noun = nameOf(kind);
  if (!parts.empty()) {
    return Error{"“" + words + "” may be more than one " + noun + ": " + titles(kind, parts) + "."};
  }
  const auto known = titles(kind, there);
  return Error{"There is no " + noun + " “" + words + "”. " +
               (known.empty() ? "None is found at all." : "There is: " + known + ".")};
}

Result<DeviceChoice> DeviceChoice::make(DeviceKind kind, const std::string& wish, std::vector<Device> there) {
  DeviceChoice choice(kind, std::move(there));
  std::string why;  // why it is not the wished one, or the default
  if (!wish.empty()) {
    auto named = deviceNamed(kind, wish, choice.there_);
    if (!named) return named.error();
    if (!named.value().usable() && !named.value().is_busy) return Error{named.value().obstacle};
    why = named.value().obstacle;
    choice.named_ = true;
    choice.chosen_ = std::move(named).value();
  } else {
    for (const auto& device : choice.there_) {
      if (device.kind == kind && device.is_default) why = device.obstacle;
    }
  }
  if (const auto* first = choice.best(); first != nullptr) {
    if (!choice.chosen_) choice.chosen_ = *first;
    const auto namesakes = std::count_if(choice.there_.begin(), choice.there_.end(), [&](const Device& device) {
      return device.kind == kind && device.name == choice.chosen_->name;
    });
    choice.name_is_shared_ = namesakes > 1;
    choice.now_ = why.empty() ? Use{*first, titleOf(*first)} : choice.use(first, why);
    return choice;
  }
  // Those that are there and may not be opened say more than that none is.
  why = "no " + std::string(nameOf(kind)) + " found";
  for (const auto& device : choice.there_) {
    if (device.kind == kind && !device.usable()) why = device.obstacle;
  }
  choice.now_ = choice.use(nullptr, why);
  return choice;
}

std::optional<DeviceChoice::Use> DeviceChoice::changed(std::vector<Device> there) {
  there_ = std::move(there);
  std::erase_if(failed_, [this](const Device& device) { return !isThere(device); });
  const auto* next = best();
  const auto& used = now_.device;
  if (used && next != nullptr && same(*used, *next)) return std::nullopt;
  if (!used && next == nullptr) return std::nullopt;
  // One that still works is left only for the chosen one.
  if (used && isThere(*used) && (next == nullptr || !isChosen(*next))) return std::nullopt;
  if (used && !isThere(*used)) {
    now_ = use(next, titleOf(*used) + " is gone");
  } else if (chosen_ && next != nullptr && isChosen(*next)) {
    now_ = {*next, titleOf(*next) + " is back"};
  } else {
    now_ = use(next, "");
  }
  if (next != nullptr && !chosen_) chosen_ = *next;
  return now_;
}

DeviceChoice::Use DeviceChoice::failed(const DeviceFault& fault, std::vector<Device> left) {
  if (!now_.device) return now_;
  const auto used = *now_.device;
  changed(std::move(left));
  if (!isThere(used)) return now_;
  failed_.push_back(used);
  now_ = use(best(), reasonFor(used, fault));
  return now_;
}

/// The chosen one, or else the first that is there and works.
const Device* DeviceChoice::best() const {
  const Device* first = nullptr;
  for (const auto& device : there_) {
    if (device.kind != kind_ || !device.usable() || hasFailed(device)) continue;
    if (isChosen(device)) return &device;
    if (first == nullptr) first = &device;
  }
  return first;
}

bool DeviceChoice::isChosen(const Device& device) const {
  // What is plugged in again may get another node.
  return chosen_ && device.kind == kind_ && chosen_->name == device.name &&
         (!name_is_shared_ || chosen_->path == device.path);
}

bool DeviceChoice::waits() const {
  if (!chosen_ || (now_.device && isChosen(*now_.device))) return false;
  return std::none_of(failed_.begin(), failed_.end(), [this](const Device& device) { return isChosen(device); });
}

bool DeviceChoice::hasFailed(const Device& device) const {
  return std::any_of(failed_.begin(), failed_.end(), [&](const Device& one) { return same(one, device); });
}

bool DeviceChoice::isThere(const Device& device) const {
  return std::any_of(there_.begin(), there_.end(), [&](const Device& one) {
    // Busy it may be with this very program.
    return one.kind == kind_ && (one.usable() || one.is_busy) && same(one, device);
  });
}

DeviceChoice::Use DeviceChoice::use(const Device* device, const std::string& why) {
  const std::string because = why.empty() ? "" : why + "; ";
  if (device == nullptr) return {std::nullopt, because + standIn(kind_, hadOne())};
  return {*device, because + "going on with " + titleOf(*device)};
}

}  // namespace rtc::app
