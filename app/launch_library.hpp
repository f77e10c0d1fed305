// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where launch files are found: the user's own come first, then those of a build tree, then the installed ones.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace rtc::app {

class LaunchLibrary {
 public:
  struct Entry {
    std::string name;
    std::string path;
    std::string summary;
  };

  explicit LaunchLibrary(std::vector<std::string> folders) : folders_(std::move(folders)) {}
  /// `gst-rtc/pipelines` in the user's configuration, `$RTC_PIPELINES_PATH` (folders, with `:` between them), and what
  /// is installed.
  static LaunchLibrary ofThisUser();

  /// The text of a launch file: `NAME.launch` in the first folder that has it, or a path of one.
  Result<std::string> load(const std::string& name_or_path) const;
  /// All that can be loaded by name, in the order of their names.
  std::vector<Entry> entries() const;

 private:
  std::vector<std::string> folders_;
};

}  // namespace rtc::app
