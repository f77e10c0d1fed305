// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/data_channels.hpp"

#include <algorithm>
#include <utility>

#include "base/signal.hpp"
#include "plugins/core/control.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

namespace {

GstWebRTCPriorityType typeOf(core::ChannelPriority priority) {
  return static_cast<GstWebRTCPriorityType>(static_cast<int>(priority) + GST_WEBRTC_PRIORITY_TYPE_VERY_LOW);
}

Ptr<GstStructure> structureOf(const core::ChannelOptions& options) {
  auto structure = adopt(gst_structure_new("options", "ordered", G_TYPE_BOOLEAN, static_cast<gboolean>(options.ordered),
                                           "protocol", G_TYPE_STRING, options.protocol.c_str(), "negotiated",
                                           G_TYPE_BOOLEAN, static_cast<gboolean>(options.negotiated), "priority",
                                           GST_TYPE_WEBRTC_PRIORITY_TYPE, typeOf(options.priority), nullptr));
  const auto set = [&structure](const char* name, const std::optional<int>& value) {
    if (value) gst_structure_set(structure.get(), name, G_TYPE_INT, *value, nullptr);
  };
  set("max-retransmits", options.max_retransmits);
  set("max-packet-lifetime", options.max_lifetime);
  set("id", options.id);
  return structure;
}

core::ChannelOptions optionsOf(GstWebRTCDataChannel* channel) {
  Out<gchar> label;
  Out<gchar> protocol;
  gboolean ordered = TRUE;
  gint retransmits = -1;
  gint lifetime = -1;
  gint id = -1;
  GstWebRTCPriorityType priority = GST_WEBRTC_PRIORITY_TYPE_LOW;
  g_object_get(channel, "label", &label, "protocol", &protocol, "ordered", &ordered, "max-retransmits", &retransmits,
               "max-packet-lifetime", &lifetime, "id", &id, "priority", &priority, nullptr);
  core::ChannelOptions options;
  options.label = label ? label.get() : "";
  options.protocol = protocol ? protocol.get() : "";
  options.ordered = ordered != FALSE;
  if (retransmits >= 0) options.max_retransmits = retransmits;
  if (lifetime >= 0) options.max_lifetime = lifetime;
  options.id = id;
  options.priority = static_cast<core::ChannelPriority>(priority - GST_WEBRTC_PRIORITY_TYPE_VERY_LOW);
  return options;
}

bool isUtf8(const std::string& text) {
  return g_utf8_validate(text.data(), static_cast<gssize>(text.size()), nullptr) != FALSE;
}

}  // namespace

DataChannels::DataChannels(TaskThread& thread, GstElement* webrtcbin, Listener listener)
    : thread_(thread),
      webrtcbin_(webrtcbin),
      listener_(std::move(listener)),
      mailbox_(std::make_shared<Mailbox<DataChannels>>(thread, *this)) {
  const auto flood = [mail = mailbox_] { mail->post([](DataChannels& self) { self.listener_.on_flood(); }); };
  streams_ = std::make_shared<SctpStreams>(SctpStreams::Listener{listener_.on_packet, flood});
  streams_->watch(webrtcbin_);
  using Shown = std::shared_ptr<Ptr<GstWebRTCDataChannel>>;
  connectSignal<void(GstWebRTCDataChannel*)>(
      webrtcbin_, "on-data-channel", [mail = mailbox_, streams = streams_](GstWebRTCDataChannel* channel) {
        gint id = -1;
        g_object_get(channel, "id", &id, nullptr);
        const Shown shown = std::make_shared<Ptr<GstWebRTCDataChannel>>(share(channel));
        mail->post([shown, stream = streams->stream(static_cast<guint>(id))](DataChannels& self) {
          self.incoming(std::move(*shown), stream);
        });
      });
}

DataChannels::~DataChannels() {
  end({});
}

Result<std::shared_ptr<DataChannel>> DataChannels::open(const core::ChannelOptions& options) {
  if (over_) return Error{"the connection to the peer has ended"};
  if (auto checked = core::check(options); !checked) return checked.error();
  if (options.negotiated && known(*options.id)) {
    return Error{"the connection has a data channel with id " + std::to_string(*options.id) + " already"};
  }
  if (options.negotiated && sctpTransport()) {
    // Its limit for such numbers is never set, and so is 0, as soon as there is a transport that has one.
    return Error{
        "webrtcbin can open a negotiated data channel only before the call. Open it beforehand on both sides, "
        "or let the peer be told (negotiated=false)."};
  }
  if (auto made = make(options)) return made;
  return Error{"webrtcbin could not make the data channel"};
}

std::shared_ptr<DataChannel> DataChannels::openControl() {
  core::ChannelOptions options;
  options.label = core::kControlLabel;
  options.negotiated = true;
  options.id = core::kControlStream;
  return make(options);
}

std::shared_ptr<DataChannel> DataChannels::make(const core::ChannelOptions& options) {
  if (options.negotiated) streams_->stream(static_cast<guint>(*options.id))->setNegotiated();
  GstWebRTCDataChannel* made = nullptr;
  const auto structure = structureOf(options);
  g_signal_emit_by_name(webrtcbin_, "create-data-channel", options.label.c_str(), structure.get(), &made);
  return made == nullptr ? nullptr : add(adopt(made), options, false);
}

void DataChannels::incoming(Ptr<GstWebRTCDataChannel> shown, const std::shared_ptr<SctpStream>& stream) {
  if (over_) return;
  auto options = optionsOf(shown.get());
  const auto theirs = std::count_if(channels_.begin(), channels_.end(), [](const auto& each) {
    return each->incoming() && each->state() != DataChannel::State::Closed;
  });
  if (static_cast<std::size_t>(theirs) >= kMaxIncoming || !isUtf8(options.label) || !isUtf8(options.protocol)) {
    GST_WARNING("a data channel of the peer is closed: it has too many, or its label is no UTF-8");
    gst_webrtc_data_channel_close(shown.get());
    return;
  }
  const auto id = options.id.value_or(-1);
  const auto channel = add(std::move(shown), std::move(options), true);
  channel->opens(stream, id);
  channel->readState();
  if (trusted_) {
    listener_.on_incoming(channel);
  } else {
    untold_.push_back(channel);
  }
}

std::shared_ptr<DataChannel> DataChannels::add(Ptr<GstWebRTCDataChannel> made, core::ChannelOptions options,
                                               bool incoming) {
  std::erase_if(channels_, [](const auto& each) { return each->state() == DataChannel::State::Closed; });
  DataChannel::Peer peer{thread_, [streams = streams_](guint id) { return streams->stream(id); },
                         [this] { return maxMessage(); }};
  const auto channel =
      std::shared_ptr<DataChannel>(new DataChannel(std::move(peer), std::move(made), std::move(options), incoming));
  channel->watch();
  if (trusted_) channel->trust();
  channels_.push_back(channel);
  return channel;
}

void DataChannels::trust() {
  trusted_ = true;
  for (const auto& channel : std::vector(channels_)) channel->trust();
  for (const auto& channel : std::exchange(untold_, {})) listener_.on_incoming(channel);
}

void DataChannels::end(const std::string& why) {
  if (std::exchange(over_, true)) return;
  mailbox_->close();
  untold_.clear();
  for (const auto& channel : std::exchange(channels_, {})) channel->end(why);
}

bool DataChannels::known(int id) const {
  return std::any_of(channels_.begin(), channels_.end(), [id](const auto& each) {
    return each->options().id == id && each->state() != DataChannel::State::Closed;
  });
}

Ptr<GObject> DataChannels::sctpTransport() const {
  GObject* transport = nullptr;
  g_object_get(webrtcbin_, "sctp-transport", &transport, nullptr);
  return adopt(transport);
}

std::size_t DataChannels::maxMessage() const {
  const auto sctp = sctpTransport();
  if (!sctp) return core::kMaxMessage;
  guint64 size = 0;
  g_object_get(sctp.get(), "max-message-size", &size, nullptr);
  return static_cast<std::size_t>(std::min<guint64>(size, core::kMaxMessage));
}

}  // namespace rtc
