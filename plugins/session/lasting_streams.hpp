// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The streams of a call as its user sees them: they last as long as the call, and the peer connection that they come
// over may be another one from time to time.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "plugins/session/media_sink.hpp"

namespace rtc {

/// Stands before the sink that the user's element is. Bound to the session's thread; its streams are fed by those of
/// the peers.
class LastingStreams final : public MediaSink {
 public:
  /// `sink` gives the user's; null while there is none.
  explicit LastingStreams(std::function<MediaSink*()> sink);
  LastingStreams(const LastingStreams&) = delete;
  LastingStreams& operator=(const LastingStreams&) = delete;
  /// What is held has ended.
  ~LastingStreams() override;

  /// A stream of the same place and format as one that is held goes on where that one stopped.
  std::shared_ptr<StreamSink> open(const StreamStart& start) override;
  void complete() override;
  /// The connection is lost: nothing more is taken from it, and its streams wait for those of the next one.
  void hold();
  void endHeld();

 private:
  class Feed;
  struct Stream;

  const std::function<MediaSink*()> sink_;
  std::vector<Stream> streams_;
  bool complete_ = false;
};

}  // namespace rtc
