// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/received_media.hpp"

#include <algorithm>
#include <vector>

#include "app/missing_elements.hpp"

namespace rtc::app {

namespace {

/// Calls `visit` with each element of the factory in the pipeline.
template <typename Visit>
void eachOf(GstElement* pipeline, const char* factory, const Visit& visit) {
  const auto iterator = adopt(gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), factory));
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(iterator.get(), &item) == GST_ITERATOR_OK) {
    visit(GST_ELEMENT(g_value_get_object(&item)));
    g_value_reset(&item);
  }
  g_value_unset(&item);
}

}  // namespace

struct ReceivedMedia::Callbacks {
  static void padAdded(GstElement*, GstPad* pad, gpointer data) noexcept {
    static_cast<ReceivedMedia*>(data)->streamAdded(pad);
  }

  static void padRemoved(GstElement* element, GstPad*, gpointer) noexcept {
    // The graph is taken out on the main thread: this one may be in the middle of its stream.
    gst_element_post_message(
        element, gst_message_new_application(GST_OBJECT(element), gst_structure_new_empty("rtc-call-stream-gone")));
  }
};

Result<std::unique_ptr<ReceivedMedia>> ReceivedMedia::watch(GstElement* pipeline, Graphs graphs) {
  std::unique_ptr<ReceivedMedia> media(new ReceivedMedia(pipeline, std::move(graphs)));
  media->watchSources();
  if (media->watched_.empty()) return media;
  // One of each is made now and used again by each call: so what is missing is told at once, and the element that
  // cancels echoes finds its probe before there is anything to play.
  for (const auto kind : {Kind::Video, Kind::Audio}) {
    auto branch = media->makeBranch(kind);
    if (!branch) return branch.error();
    media->branches_.with([&](Branches& branches) { branches.push_back(std::move(branch).value()); });
  }
  return media;
}

ReceivedMedia::~ReceivedMedia() {
  for (const auto& element : watched_) g_signal_handlers_disconnect_by_data(element.get(), this);
  branches_.with([](Branches& branches) {
    for (const auto& branch : branches) gst_element_set_state(branch->bin.get(), GST_STATE_NULL);
  });
}

void ReceivedMedia::watchSources() {
  eachOf(pipeline_.get(), "rtcsignalsrc", [this](GstElement* source) {
    // After those of the pipeline's own links, which were connected when it was made.
    g_signal_connect(source, "pad-added", G_CALLBACK(Callbacks::padAdded), this);
    g_signal_connect(source, "pad-removed", G_CALLBACK(Callbacks::padRemoved), this);
    watched_.push_back(share(source));
  });
}

void ReceivedMedia::streamAdded(GstPad* pad) {
  if (gst_pad_is_linked(pad)) return;
  const auto kind = g_str_has_prefix(GST_OBJECT_NAME(pad), "audio") ? Kind::Audio : Kind::Video;
  auto* branch = freeBranch(kind, pad);
  if (branch == nullptr) return;
  gst_bin_add(GST_BIN(pipeline_.get()), branch->bin.get());
  const auto entry = adopt(gst_element_get_static_pad(branch->bin.get(), "sink"));
  if (!entry || GST_PAD_LINK_FAILED(gst_pad_link(pad, entry.get()))) {
    GST_WARNING_OBJECT(pad, "the graph for received media does not take this stream");
  }
  gst_element_sync_state_with_parent(branch->bin.get());
}

Result<std::unique_ptr<ReceivedMedia::Branch>> ReceivedMedia::makeBranch(Kind kind) {
  auto bin = makeBin(kind == Kind::Video ? graphs_.video : graphs_.audio);
  if (!bin) return bin.error();
  auto branch = std::make_unique<Branch>();
  branch->kind = kind;
  branch->bin = std::move(bin).value();
  if (kind == Kind::Audio) branch->speaker = LiveOutput::at(branch->bin.get(), "speaker");
  const auto description = speaker_.with([](const std::string& text) { return text; });
  if (!branch->speaker || description.empty()) return branch;
  if (auto played = branch->speaker->use(description); !played) return played.error();
  return branch;
}

/// One that waits, or a new one where several streams of a kind come in at once.
ReceivedMedia::Branch* ReceivedMedia::freeBranch(Kind kind, GstPad* pad) {
  const auto take = [&](Branches& branches) -> Branch* {
    for (const auto& branch : branches) {
      if (branch->kind != kind || branch->source) continue;
      branch->source = share(pad);
      return branch.get();
    }
    return nullptr;
  };
  if (auto* waiting = branches_.with(take)) return waiting;
  auto branch = makeBranch(kind);
  if (!branch) return nullptr;
  return branches_.with([&](Branches& branches) {
    branches.push_back(std::move(branch).value());
    return take(branches);
  });
}

void ReceivedMedia::tidy() {
  // The branches live as long as this object, and only this thread frees one.
  std::vector<Branch*> gone;
  branches_.with([&](Branches& branches) {
    for (const auto& branch : branches) {
      if (branch->source && GST_OBJECT_PARENT(branch->source.get()) == nullptr) gone.push_back(branch.get());
    }
  });
  for (auto* branch : gone) {
    keepPicture(*branch);
    gst_bin_remove(GST_BIN(pipeline_.get()), branch->bin.get());
    gst_element_set_state(branch->bin.get(), GST_STATE_NULL);
    branches_.with([&](Branches&) { branch->source.reset(); });
  }
}

Ptr<GstSample> ReceivedMedia::lastPicture() {
  std::vector<Branch*> running;
  branches_.with([&](Branches& branches) {
    for (const auto& branch : branches) {
      if (branch->source) running.push_back(branch.get());
    }
  });
  for (const auto* branch : running) keepPicture(*branch);
  return share(last_picture_);
}

void ReceivedMedia::keepPicture(const Branch& branch) {
  if (branch.kind != Kind::Video) return;
  const auto picture = adopt(gst_bin_get_by_name(GST_BIN(branch.bin.get()), "picture"));
  if (!picture || g_object_class_find_property(G_OBJECT_GET_CLASS(picture.get()), "last-sample") == nullptr) return;
  GstSample* sample = nullptr;
  g_object_get(picture.get(), "last-sample", &sample, nullptr);
  if (sample != nullptr) last_picture_ = adopt(sample);
}

Result<Done> ReceivedMedia::Speakers::use(const std::string& description) {
  media_.speaker_.with([&](std::string& text) { text = description; });
  // The branches live as long as their owner, and this is the thread that exchanges what is in them.
  std::vector<LiveOutput*> outputs;
  media_.branches_.with([&](Branches& branches) {
    for (const auto& branch : branches) {
      if (branch->speaker) outputs.push_back(branch->speaker.get());
    }
  });
  for (auto* output : outputs) {
    if (auto used = output->use(description); !used) return used;
  }
  return Done{};
}

bool ReceivedMedia::Speakers::has(GstObject* object) const {
  return media_.branches_.with([object](const Branches& branches) {
    return std::any_of(branches.begin(), branches.end(),
                       [object](const auto& branch) { return branch->speaker && branch->speaker->has(object); });
  });
}

bool ReceivedMedia::Speakers::remove(GstObject* part) {
  LiveOutput* output = nullptr;
  media_.branches_.with([&](Branches& branches) {
    for (const auto& branch : branches) {
      if (branch->speaker && branch->speaker->has(part)) output = branch->speaker.get();
    }
  });
  return output == nullptr || output->remove(part);
}

bool ReceivedMedia::has(GstObject* object) const {
  return branches_.with([object](const Branches& branches) {
    return std::any_of(branches.begin(), branches.end(), [object](const auto& branch) {
      return gst_object_has_as_ancestor(object, GST_OBJECT(branch->bin.get())) != FALSE;
    });
  });
}

}  // namespace rtc::app
