// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one end has said and the other has not confirmed: numbered, bounded, and said again after a loss. Both ends have
// one; `docs/protocol.md` has the rules.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace rtc::signaling {

template <typename Message>
class Outbox {
 public:
  struct Entry {
    int seq = 0;
    Message message;
    std::size_t bytes = 0;
  };
  struct Bounds {
    std::size_t messages = 256;
    std::size_t bytes = 256 * 1024;
  };

  explicit Outbox(Bounds bounds) : bounds_(bounds) {}

  /// Gives its number. Keeps it, unless that would be too much: then nothing is kept any more, for a gap would be worse
  /// than a loss that is known.
  int push(Message message, std::size_t bytes) {
    ++last_;
    if (overflown_) return last_;
    if (kept_.size() == bounds_.messages || bytes_ + bytes > bounds_.bytes) {
      overflown_ = true;
      clear();
      return last_;
    }
    bytes_ += bytes;
    kept_.push_back({last_, std::move(message), bytes});
    return last_;
  }

  /// The other has heard everything up to here. A number that was never said is none.
  void acknowledge(int seq) {
    if (seq > last_) return;
    auto first = kept_.begin();
    for (; first != kept_.end() && first->seq <= seq; ++first) bytes_ -= first->bytes;
    kept_.erase(kept_.begin(), first);
  }

  const std::vector<Entry>& kept() const { return kept_; }
  /// Something was not kept, and the other cannot be brought up to date.
  bool overflown() const { return overflown_; }

  void clear() {
    kept_.clear();
    bytes_ = 0;
  }

 private:
  Bounds bounds_;
  std::vector<Entry> kept_;
  std::size_t bytes_ = 0;
  int last_ = 0;
  bool overflown_ = false;
};

}  // namespace rtc::signaling
