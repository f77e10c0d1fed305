// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Up to where one end has heard the other, and when it must say so.
#pragma once

namespace rtc::signaling {

class Inbox {
 public:
  enum class Verdict { Fresh, Heard, Gap };

  /// Of a message with this number; one without (0) is outside the count.
  Verdict take(int seq) {
    if (seq == 0) return Verdict::Fresh;
    if (seq <= heard_) return Verdict::Heard;
    if (seq != heard_ + 1) return Verdict::Gap;
    heard_ = seq;
    return Verdict::Fresh;
  }

  int heard() const { return heard_; }
  /// The other was told up to where we have heard.
  void told() { told_ = heard_; }
  /// So much was heard in silence that a message of its own should say so.
  bool owesWord() const { return heard_ - told_ >= kPatience; }

 private:
  static constexpr int kPatience = 16;
  int heard_ = 0;
  int told_ = 0;
};

}  // namespace rtc::signaling
