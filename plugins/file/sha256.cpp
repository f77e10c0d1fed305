// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/sha256.hpp"

#include <openssl/sha.h>

namespace rtc {

core::file::Hash sha256(core::file::View bytes) {
  core::file::Hash hash{};
  SHA256(bytes.data(), bytes.size(), hash.data());
  return hash;
}

}  // namespace rtc
