// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/media_source.hpp"

#include <algorithm>

namespace rtc {

std::shared_ptr<FanOut> MediaSource::fanOut(core::Codec codec) {
  return fan_outs_.with([&](FanOuts& fan_outs) {
    auto& fan_out = fan_outs[codec];
    if (!fan_out) {
      fan_out = std::make_shared<FanOut>(kind_);
      fan_out->setBounds(bounds_.copy());
      fan_out->retarget();
      fan_out->setOnTarget(on_target_.copy());
    }
    fan_out->setMuted(muted_);
    codecs_.store(fan_outs.size(), std::memory_order_release);
    return fan_out;
  });
}

void MediaSource::setMuted(bool muted) {
  muted_ = muted;
  for (const auto& [codec, fan_out] : fan_outs_.copy()) fan_out->setMuted(muted);
}

void MediaSource::setBounds(core::BitrateBounds bounds) {
  bounds_.with([bounds](core::BitrateBounds& now) { now = bounds; });
  for (const auto& [codec, fan_out] : fan_outs_.copy()) fan_out->setBounds(bounds);
}

void MediaSource::retarget() const {
  for (const auto& [codec, fan_out] : fan_outs_.copy()) fan_out->retarget();
}

unsigned MediaSource::target() const {
  unsigned sum = 0;
  for (const auto& [codec, fan_out] : fan_outs_.copy()) sum += fan_out->encodes() ? fan_out->target() : 0;
  return sum;
}

void MediaSource::setOnTarget(std::function<void()> on_target) {
  on_target_.with([&](std::function<void()>& now) { now = on_target; });
  for (const auto& [codec, fan_out] : fan_outs_.copy()) fan_out->setOnTarget(on_target);
}

core::CodecPreferences givenFirst(core::CodecPreferences codecs,
                                  const std::vector<std::shared_ptr<MediaSource>>& sources) {
  for (auto* preferences : {&codecs.video, &codecs.audio}) {
    for (const auto& source : sources) {
      const auto given = source->given();
      const auto found = given ? std::find(preferences->begin(), preferences->end(), *given) : preferences->end();
      if (found != preferences->end()) std::rotate(preferences->begin(), found, found + 1);
    }
  }
  return codecs;
}

}  // namespace rtc
