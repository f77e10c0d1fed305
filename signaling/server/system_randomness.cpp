// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/system_randomness.hpp"

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include <sys/random.h>

namespace rtc::signaling {

namespace {

/// Without good randomness no secret is one: there is no way to go on.
void fill(void* bytes, std::size_t size) {
  ssize_t got = 0;
  do {
    got = getrandom(bytes, size, 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(size)) std::abort();
}

}  // namespace

std::string SystemRandomness::token() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  unsigned char bytes[22];
  fill(bytes, sizeof bytes);
  std::string token;
  for (const unsigned char byte : bytes) token += kAlphabet[byte % 64];
  return token;
}

int SystemRandomness::below(int limit) {
  unsigned value = 0;
  fill(&value, sizeof value);
  return limit > 0 ? static_cast<int>(value % static_cast<unsigned>(limit)) : 0;
}

}  // namespace rtc::signaling
