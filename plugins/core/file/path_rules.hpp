// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which names of a peer may become names here. A bad one is refused, never mended: what is mended collides.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rtc::core::file {

using Path = std::vector<std::string>;

/// The folder in a receiver's directory that holds what is not whole yet. No peer may name it.
inline constexpr std::string_view kPartialFolder = ".rtcfile-partial";

/// Why the path is not fit to be created below a directory; empty if it is.
std::string problemWith(const Path& path);

/// Whether a part of the path is hidden (`.bashrc`): a person should be asked, whatever is accepted without asking.
bool isHidden(const Path& path);

/// With `/` between the parts; for people, so what moves a cursor or turns text round is shown as `\xNN` or `\u{NNNN}`.
std::string shown(const Path& path);
std::string shown(std::string_view text);

/// Finds two entries of an offer that would be one file on some file system.
class Collisions {
 public:
  /// `fold` gives equal texts for names that differ in case or in Unicode's normal form only.
  explicit Collisions(std::function<std::string(std::string_view)> fold) : fold_(std::move(fold)) {}

  /// False if the path is there already, is a folder of one that is there, or has a file as its folder.
  bool add(const Path& path, bool folder);

 private:
  enum class Kind { ImpliedFolder, Folder, File };

  std::function<std::string(std::string_view)> fold_;
  std::map<std::string, Kind> seen_;  // by the folded path, its parts ended by '/'
};

}  // namespace rtc::core::file
