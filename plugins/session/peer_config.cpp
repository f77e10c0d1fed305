// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/peer_config.hpp"

namespace rtc {

PeerConfig peerConfigFrom(const Settings& settings) {
  PeerConfig config;
  config.stun_server = settings.text(Setting::StunServer);
  config.turn_servers = settings.list(Setting::TurnServers);
  config.relay_only = settings.relayOnly();
  config.ice_tcp = settings.flag(Setting::IceTcp);
  config.ice_interfaces = settings.list(Setting::IceInterfaces);
  config.min_port = settings.number(Setting::MinRtpPort);
  config.max_port = settings.number(Setting::MaxRtpPort);
  config.latency = settings.wait(Setting::Latency);
  config.fec_percentage = settings.number(Setting::FecPercentage);
  config.timeout = Duration(settings.number(Setting::PeerTimeout));
  return config;
}

}  // namespace rtc
