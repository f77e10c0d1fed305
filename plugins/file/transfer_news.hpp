// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the elements for files tell of a transfer.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/progress.hpp"
#include "plugins/core/file/transfer.hpp"

namespace rtc {

/// The channel's protocol, by which the other side knows what it is for.
inline constexpr const char* kFileProtocol = "rtcfile.1";

/// A transfer as it stands.
struct TransferNews {
  std::string id;
  std::string peer;
  bool incoming = false;
  core::file::State state = core::file::State::Idle;
  bool paused_here = false;
  bool paused_there = false;
  core::file::Fault fault;
  core::file::Progress progress;
  std::size_t lanes = 0;
  std::size_t files = 0;  ///< in the offer
  std::size_t whole = 0;
  std::size_t failed = 0;
  std::string name;  ///< of the first file; fit for a terminal
};

/// One file of it is over.
struct FileNews {
  std::string id;
  std::string peer;
  bool incoming = false;
  core::file::FileId file = 0;
  core::file::Path path;
  std::optional<core::file::Fault> fault;
};

}  // namespace rtc
