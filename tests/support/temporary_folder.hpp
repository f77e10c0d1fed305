// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A folder for one test's files, gone with the test and all that is in it.
#pragma once

#include <glib.h>
#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/ptr.hpp"
#include "tests/support/check.hpp"

namespace rtc::testing {

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(adopt(g_dir_make_tmp("rtc-test-XXXXXX", nullptr))) { RTC_ASSERT(path_ != nullptr); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code nobody_cares;
    std::filesystem::remove_all(path_.get(), nobody_cares);
  }

  std::string path() const { return path_.get(); }
  std::string path(const std::string& name) const { return path() + "/" + name; }
  /// Whatever it is, a link included.
  bool has(const std::string& name) const {
    struct stat found {};
    return ::lstat(path(name).c_str(), &found) == 0;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Each gives the path of what it made.
  std::string makeFolder(const std::string& name) const {
    RTC_ASSERT(::mkdir(path(name).c_str(), 0700) == 0);
    return path(name);
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream file(path(name), std::ios::binary);
    RTC_ASSERT(file << text);
    return path(name);
  }
  /// So many bytes that look random, and are the same each time.
  std::string fill(const std::string& name, std::size_t size, std::uint32_t seed = 1) const {
    std::string text(size, '\0');
    for (char& c : text) {
      seed = seed * 1'664'525 + 1'013'904'223;
      c = static_cast<char>(seed >> 24U);
    }
    return write(name, text);
  }

 private:
  Ptr<gchar> path_;
};

}  // namespace rtc::testing
