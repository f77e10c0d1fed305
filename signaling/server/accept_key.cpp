// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib.h>

#include <array>

#include "base/ptr.hpp"
#include "signaling/server/connection.hpp"

RTC_OWN_UNIQUE(GChecksum, g_checksum_free);

namespace rtc::signaling {

std::string acceptFor(std::string_view key) {
  const std::string text = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const auto sha1 = adopt(g_checksum_new(G_CHECKSUM_SHA1));
  g_checksum_update(sha1.get(), reinterpret_cast<const guchar*>(text.data()), static_cast<gssize>(text.size()));
  std::array<guint8, 20> digest;
  gsize size = digest.size();
  g_checksum_get_digest(sha1.get(), digest.data(), &size);
  return adopt(g_base64_encode(digest.data(), size)).get();
}

}  // namespace rtc::signaling
