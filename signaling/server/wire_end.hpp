// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Our end of one client's socket, with TLS or without. Nothing here ever waits.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "signaling/server/tls_context.hpp"
#include "signaling/server/unique_fd.hpp"

namespace rtc::signaling {

class WireEnd {
 public:
  enum class State {
    Done,
    WantsRead,   ///< again, once there is something to read
    WantsWrite,  ///< again, once there is room to write
    End,         ///< the other side has said all it will
    Broken,
  };
  struct Moved {
    State state;
    std::size_t bytes = 0;  ///< more than 0 exactly if `Done`
  };

  /// `tls`: null for plain text, otherwise `handshake` comes first.
  WireEnd(UniqueFd fd, Ptr<SSL> tls) : fd_(std::move(fd)), tls_(std::move(tls)) {}

  int fd() const { return fd_.get(); }
  bool encrypted() const { return tls_ != nullptr; }

  State handshake();
  Moved read(std::span<char> room);
  Moved write(std::string_view bytes);
  /// Nothing more will be written.
  void finishWriting();
  /// What the kernel still holds for the other side is dropped when the socket closes.
  void dropUnsent();

 private:
  State stateAfter(int result);

  UniqueFd fd_;
  Ptr<SSL> tls_;
};

}  // namespace rtc::signaling
