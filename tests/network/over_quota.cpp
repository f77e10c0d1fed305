// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Loaded before libc (LD_PRELOAD): a user whose quota is RTC_TEST_QUOTA bytes. A file system with quotas needs more
// rights than a test has, and what the kernel says of one is no more than this.
#include <dlfcn.h>
#include <sys/types.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

std::atomic<long long> used = 0;

bool within(long long bytes) {
  static const long long quota = std::atoll(std::getenv("RTC_TEST_QUOTA"));
  if (used + bytes <= quota) return true;
  errno = EDQUOT;
  return false;
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  using Write = ssize_t (*)(int, const void*, size_t, off64_t);
  static const auto real = reinterpret_cast<Write>(dlsym(RTLD_NEXT, "pwrite64"));
  if (!within(static_cast<long long>(size))) return -1;
  used += static_cast<long long>(size);
  return real(file, bytes, size, at);
}

__attribute__((visibility("default"))) int fallocate64(int file, int mode, off64_t at, off64_t size) {
  using Reserve = int (*)(int, int, off64_t, off64_t);
  static const auto real = reinterpret_cast<Reserve>(dlsym(RTLD_NEXT, "fallocate64"));
  return within(size) ? real(file, mode, at, size) : -1;
}
}
