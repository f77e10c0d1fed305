// SPDX-License-Identifier: LGPL-2.1-or-later
//
// G18. How soon DTLS takes a packet for lost while a connection begins.
#pragma once

namespace rtc {

/// From now on DTLS in this process sends its first packets again after 100 ms, and then after twice as long each time,
/// instead of after a second. Only where OpenSSL does it, and not for those whose context is older. Thread-safe.
void hastenDtls();

}  // namespace rtc
