// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A folder for one test's files, gone with the test.
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

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
    GDir* folder = g_dir_open(path_.get(), 0, nullptr);
    for (const char* name = nullptr; (name = g_dir_read_name(folder)) != nullptr;) g_unlink(path(name).c_str());
    g_dir_close(folder);
    g_rmdir(path_.get());
  }

  std::string path(const std::string& name) const { return std::string(path_.get()) + "/" + name; }
  /// The file's path.
  std::string write(const std::string& name, const std::string& text) const {
    RTC_ASSERT(g_file_set_contents(path(name).c_str(), text.c_str(), static_cast<gssize>(text.size()), nullptr));
    return path(name);
  }

 private:
  Ptr<gchar> path_;
};

}  // namespace rtc::testing
