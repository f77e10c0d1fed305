// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Up to where one end has heard the other, and when it must say so.
#pragma once

#include <cstddef>

namespace rtc::signaling {

class Inbox {
 public:
  enum class Verdict { Fresh, Heard, Gap };

  /// Of a message with this number, and of so many bytes, if that is known; one without (0) is outside the count.
  Verdict take(int seq, std::size_t bytes = 0) {
    if (seq == 0) return Verdict::Fresh;
    if (seq <= heard_) return Verdict::Heard;
    if (seq != heard_ + 1) return Verdict::Gap;
    heard_ = seq;
    silent_bytes_ += bytes;
    return Verdict::Fresh;
  }

  int heard() const { return heard_; }
  /// The other was told up to where we have heard.
  void told() {
    told_ = heard_;
    silent_bytes_ = 0;
  }
  /// So much was heard in silence that a message of its own should say so.
  bool owesWord() const { return heard_ - told_ >= kPatience || silent_bytes_ >= kPatienceBytes; }

 private:
  static constexpr int kPatience = 16;
  /// With the largest message on top of it, less than half of what the other end keeps.
  static constexpr std::size_t kPatienceBytes = 48 * 1024;
  int heard_ = 0;
  int told_ = 0;
  std::size_t silent_bytes_ = 0;
};

}  // namespace rtc::signaling
