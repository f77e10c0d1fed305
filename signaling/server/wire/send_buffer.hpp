// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Bytes that wait for the socket, in their order. Empty, it holds no memory: most connections are idle.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rtc::signaling {

class SendBuffer {
 public:
  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size() - sent_; }
  std::string_view waiting() const { return std::string_view(bytes_).substr(sent_); }

  /// Where more is to be appended.
  std::string& tail() { return bytes_; }

  void consume(std::size_t count) {
    sent_ += count;
    if (sent_ == bytes_.size()) {
      clear();
    } else if (sent_ > bytes_.size() / 2) {
      // Each byte is moved once at most on average.
      bytes_.erase(0, sent_);
      sent_ = 0;
    }
  }

  void clear() {
    std::string().swap(bytes_);
    sent_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t sent_ = 0;
};

}  // namespace rtc::signaling
