// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What comes in: each stream that rtcsignalsrc has, and that the pipeline itself links nowhere, gets the graph of
// received-video.launch or received-audio.launch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/gst_ptr.hpp"
#include "app/live_output.hpp"
#include "base/guarded.hpp"
#include "base/result.hpp"

namespace rtc::app {

/// Made and destroyed on the main thread; streams come and go on others.
class ReceivedMedia {
 public:
  /// The graphs' descriptions, filled in.
  struct Graphs {
    std::string video;
    std::string audio;
  };

  /// Builds the graphs, so that what they lack is known before a call. Watches every rtcsignalsrc in the pipeline.
  static Result<std::unique_ptr<ReceivedMedia>> watch(GstElement* pipeline, Graphs graphs);
  ReceivedMedia(const ReceivedMedia&) = delete;
  ReceivedMedia& operator=(const ReceivedMedia&) = delete;
  ~ReceivedMedia();

  /// Main thread: takes out the graphs whose stream is gone.
  void tidy();
  /// Main thread: the last picture that came in; null if there was none.
  Ptr<GstSample> lastPicture();
  /// Whether an element belongs to one of the graphs.
  bool has(GstObject* object) const;
  /// Main thread: where all received sound is played.
  LivePort& speakers() { return speakers_; }

 private:
  struct Callbacks;
  enum class Kind { Video, Audio };
  struct Branch {
    Kind kind = Kind::Video;
    Ptr<GstElement> bin;
    std::unique_ptr<LiveOutput> speaker;  // of sound
    Ptr<GstPad> source;                   // of rtcsignalsrc; null: waits for its next stream
  };
  using Branches = std::vector<std::unique_ptr<Branch>>;
  class Speakers final : public LivePort {
   public:
    explicit Speakers(ReceivedMedia& media) : media_(media) {}
    Result<Done> use(const std::string& description) override;
    bool has(GstObject* object) const override;
    bool remove(GstObject* part) override;

   private:
    ReceivedMedia& media_;
  };

  ReceivedMedia(GstElement* pipeline, Graphs graphs) : pipeline_(share(pipeline)), graphs_(std::move(graphs)) {}
  void watchSources();
  void streamAdded(GstPad* pad);
  Result<std::unique_ptr<Branch>> makeBranch(Kind kind);
  Branch* freeBranch(Kind kind, GstPad* pad);
  void keepPicture(const Branch& branch);

  const Ptr<GstElement> pipeline_;
  const Graphs graphs_;
  Guarded<Branches> branches_;
  Guarded<std::string> speaker_;  // what the next stream of sound is played to
  Speakers speakers_{*this};
  Ptr<GstSample> last_picture_;  // main thread
  std::vector<Ptr<GstElement>> watched_;
};

}  // namespace rtc::app
