// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/live_ice_servers.hpp"

#include <algorithm>

namespace rtc {

namespace {

constexpr Duration kShortest{500};

Duration halfOf(int seconds) {
  return std::max(kShortest, Duration(std::chrono::seconds(seconds)) / 2);
}

}  // namespace

void LiveIceServers::take(signaling::Signaler& from, const signaling::LoggedIn& login) {
  take(from, signaling::IceServerList{login.ice_servers, login.ice_expires_s});
}

void LiveIceServers::take(signaling::Signaler& from, const signaling::IceServerList& list) {
  servers_ = list.ice_servers;
  refresh_.cancel();
  if (list.expires_s) refreshIn(from, halfOf(*list.expires_s));
}

void LiveIceServers::refreshIn(signaling::Signaler& from, Duration delay) {
  // A refusal is tried again well within the other half.
  retry_ = std::max(kShortest, delay / 4);
  refresh_ = Timer(thread_.context(), delay, [this, &from] { ask(from); });
}

void LiveIceServers::ask(signaling::Signaler& from) {
  from.request(signaling::GetIceServers{}, [this, &from](const signaling::Reply& reply) {
    const auto* list = reply ? std::get_if<signaling::IceServerList>(&reply.value().body) : nullptr;
    if (list == nullptr) {
      refreshIn(from, retry_);
    } else {
      take(from, *list);
    }
  });
}

}  // namespace rtc
