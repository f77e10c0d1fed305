// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/media_source.hpp"

namespace rtc {

std::shared_ptr<FanOut> MediaSource::fanOut(core::Codec codec) {
  return fan_outs_.with([&](FanOuts& fan_outs) {
    auto& fan_out = fan_outs[codec];
    if (!fan_out) fan_out = std::make_shared<FanOut>(kind_);
    fan_out->setMuted(muted_);
    codecs_.store(fan_outs.size(), std::memory_order_release);
    return fan_out;
  });
}

void MediaSource::setMuted(bool muted) {
  muted_ = muted;
  for (const auto& [codec, fan_out] : fan_outs_.copy()) fan_out->setMuted(muted);
}

}  // namespace rtc
