// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/channel_options.hpp"

namespace rtc::core {

Result<Done> check(const ChannelOptions& options) {
  if (options.label.size() > kMaxLabel) return Error{"a data channel's label has at most 65535 bytes"};
  if (options.protocol.size() > kMaxLabel) return Error{"a data channel's protocol has at most 65535 bytes"};
  if ((options.label + options.protocol).find('\0') != std::string::npos) {
    return Error{"a data channel's label and protocol cannot have a NUL in them"};
  }
  if (options.max_retransmits && options.max_lifetime) {
    return Error{"a data channel has max-retransmits or max-packet-lifetime, not both. Unset one of them."};
  }
  if (options.max_retransmits.value_or(0) < 0 || options.max_lifetime.value_or(0) < 0) {
    return Error{"max-retransmits and max-packet-lifetime cannot be negative"};
  }
  if (!options.negotiated) {
    if (options.id) return Error{"only a negotiated data channel has an id of one's own choice. Set negotiated too."};
    return Done{};
  }
  if (!options.id) return Error{"a negotiated data channel needs an id, the same on both sides. Set it, from 1 on."};
  if (*options.id == kControlStream) return Error{"id 0 is taken by the session's own channel. Choose one from 1 on."};
  if (*options.id < 0 || *options.id > kMaxChannelId) return Error{"a data channel's id is 1 to 1023"};
  return Done{};
}

}  // namespace rtc::core
