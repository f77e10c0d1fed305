// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/data/element_channels.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace rtc {

using State = DataChannel::State;

namespace {

/// `connecting`, `open`, `closing`, `closed`.
GType channelStateType() {
  static const GType type = [] {
    static const GEnumValue values[] = {{static_cast<gint>(State::Connecting), "Being opened", "connecting"},
                                        {static_cast<gint>(State::Open), "Messages pass", "open"},
                                        {static_cast<gint>(State::Closing), "What was sent still goes out", "closing"},
                                        {static_cast<gint>(State::Closed), "No channel", "closed"},
                                        {0, nullptr, nullptr}};
    return g_enum_register_static("GstRtcDataChannelState", values);
  }();
  return type;
}

}  // namespace

ElementChannels::SharedState ElementChannels::makeState() {
  return std::make_shared<std::atomic<State>>(State::Closed);
}

guint ElementChannels::install(gpointer klass, guint state_property) {
  g_object_class_install_property(
      G_OBJECT_CLASS(klass), state_property,
      g_param_spec_enum("state", "state", "Of the data channels together: open if one is", channelStateType(),
                        static_cast<gint>(State::Closed),
                        static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
  gst_type_mark_as_plugin_api(channelStateType(), static_cast<GstPluginAPIFlags>(0));
  return g_signal_new("channel-state-changed", G_TYPE_FROM_CLASS(klass), G_SIGNAL_RUN_LAST, 0, nullptr, nullptr,
                      nullptr, G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
}

ElementChannels::ElementChannels(Audience audience, Session& session, ChannelWish wish, Use use, Listener listener)
    : audience_(std::move(audience)),
      session_(session),
      wish_(std::move(wish)),
      use_(use),
      listener_(std::move(listener)) {}

std::uint64_t ElementChannels::mostBuffered() const {
  std::uint64_t most = 0;
  for (const auto& channel : open_) most = std::max(most, channel->bufferedAmount());
  return most;
}

void ElementChannels::close() {
  std::vector<std::shared_ptr<DataChannel>> all;
  for (const auto& [channel, used] : channels_) all.push_back(channel);
  for (const auto& channel : all) channel->close();
}

void ElementChannels::dataBegins(CallData& call) {
  const bool negotiated = wish_.options.negotiated;
  if (negotiated ? has(call) : !wish_.open) return;
  auto channel = call.open(wish_.options, this);
  if (channel) {
    use(call, channel.value());
  } else {
    listener_.on_error(channel.error().message);
  }
}

bool ElementChannels::channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) {
  if (!fits(*channel)) return false;
  // A negotiated one is the same channel, whoever of us opened it first.
  const bool ours = wish_.open && !wish_.options.negotiated;
  if (use_ == Use::OnePerCall && (ours || has(call))) return false;
  use(call, channel);
  return true;
}

bool ElementChannels::has(const CallData& call) const {
  return std::any_of(channels_.begin(), channels_.end(),
                     [&call](const auto& each) { return each.second.call == call.call(); });
}

void ElementChannels::dataBreaks(CallData& call) {
  if (has(call)) awaited_.insert(call.call());
  // Not closed: where the path still works, the peer would take that for an end.
  for (const auto& channel : ignoreAll(call)) {
    changed(channel, State::Closed, "the connection to the peer is lost, and is being made anew");
  }
}

void ElementChannels::dataEnds(CallData& call) {
  const bool awaited = awaited_.erase(call.call()) > 0;
  for (const auto& channel : ignoreAll(call)) {
    if (!channel->incoming()) channel->close();
    changed(channel, State::Closed, {});
  }
  if (awaited) listener_.on_change();
}

std::vector<std::shared_ptr<DataChannel>> ElementChannels::ignoreAll(const CallData& call) {
  std::vector<std::shared_ptr<DataChannel>> all;
  for (const auto& [channel, used] : channels_) {
    if (used.call == call.call()) all.push_back(channel);
  }
  for (const auto& channel : all) channel->ignore(this);
  return all;
}

bool ElementChannels::fits(const DataChannel& channel) const {
  const auto& [wanted, offered] = std::tie(wish_.options, channel.options());
  if (wanted.negotiated) return offered.negotiated && wanted.id == offered.id;
  return wanted.label == offered.label && (wanted.protocol.empty() || wanted.protocol == offered.protocol);
}

void ElementChannels::use(const CallData& call, const std::shared_ptr<DataChannel>& channel) {
  channels_[channel] = {call.call(), call.user()};
  awaited_.erase(call.call());
  DataChannel::Listener listener;
  // The channel outlives its listeners' calls, and not they it.
  listener.on_state = [this, raw = channel.get()](State state, const std::string& why) {
    changed(raw->shared_from_this(), state, why);
  };
  listener.on_message = listener_.on_message;
  listener.on_low = listener_.on_change;
  channel->listen(this, std::move(listener));
  changed(channel, channel->state(), {});
}

void ElementChannels::changed(const std::shared_ptr<DataChannel>& channel, State state, const std::string& why) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  const auto used = found->second;
  if (state == State::Closed) channels_.erase(found);
  std::erase(open_, channel);
  if (state == State::Open) open_.push_back(channel);
  updateState();
  tell(*channel, used, state, why);
  listener_.on_change();
}

void ElementChannels::tell(const DataChannel& channel, const Used& used, State state, const std::string& why) {
  const auto& options = channel.options();
  auto structure = adopt(
      gst_structure_new("rtc-data", "call", G_TYPE_STRING, used.call.c_str(), "peer", G_TYPE_STRING, used.peer.c_str(),
                        "label", G_TYPE_STRING, options.label.c_str(), "protocol", G_TYPE_STRING,
                        options.protocol.c_str(), "id", G_TYPE_INT, options.id.value_or(-1), "direction", G_TYPE_STRING,
                        channel.incoming() ? "incoming" : "outgoing", "state", G_TYPE_STRING, word(state), nullptr));
  if (state == State::Closed) gst_structure_set(structure.get(), "message", G_TYPE_STRING, why.c_str(), nullptr);
  gst_element_post_message(audience_.element,
                           gst_message_new_element(GST_OBJECT(audience_.element), release(std::move(structure))));
  g_signal_emit(audience_.element, audience_.state_signal, 0, used.peer.c_str(), options.label.c_str(), word(state),
                why.c_str());
}

void ElementChannels::updateState() {
  auto state = State::Closed;
  for (const auto each : {State::Closing, State::Connecting, State::Open}) {
    const bool any = std::any_of(channels_.begin(), channels_.end(),
                                 [each](const auto& used) { return used.first->state() == each; });
    if (any) state = each;
  }
  *audience_.state = state;
  g_object_notify(G_OBJECT(audience_.element), "state");
}

}  // namespace rtc
