// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/data/channel_properties.hpp"

namespace rtc {

namespace {

enum Property : guint {
  kLabel = ChannelProperties::kFirst,
  kProtocol,
  kOrdered,
  kMaxRetransmits,
  kMaxPacketLifetime,
  kNegotiated,
  kId,
  kPriority,
  kOpen,
};

constexpr const char* kDefaultLabel = "data";

std::string textOf(const GValue* value) {
  const auto* text = g_value_get_string(value);
  return text == nullptr ? std::string() : text;
}

/// -1 stands for nothing, as in GStreamer's own data channels.
std::optional<int> countOf(const GValue* value) {
  const auto count = g_value_get_int(value);
  return count < 0 ? std::nullopt : std::optional<int>(count);
}

GstWebRTCPriorityType typeOf(core::ChannelPriority priority) {
  return static_cast<GstWebRTCPriorityType>(static_cast<int>(priority) + GST_WEBRTC_PRIORITY_TYPE_VERY_LOW);
}

core::ChannelPriority priorityOf(const GValue* value) {
  return static_cast<core::ChannelPriority>(g_value_get_enum(value) - GST_WEBRTC_PRIORITY_TYPE_VERY_LOW);
}

}  // namespace

ChannelProperties::ChannelProperties(bool opens) {
  wish_.with([opens](ChannelWish& wish) {
    wish.options.label = kDefaultLabel;
    wish.open = opens;
  });
}

void ChannelProperties::install(GObjectClass* klass, bool opens) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const auto add = [klass](guint id, GParamSpec* spec) { g_object_class_install_property(klass, id, spec); };
  add(kLabel, g_param_spec_string("label", "label",
                                  "Name of the data channel, up to 65535 bytes. A channel of the peer is ours if its "
                                  "label is the same",
                                  kDefaultLabel, flags));
  add(kProtocol,
      g_param_spec_string("protocol", "protocol",
                          "What is spoken on the channel, up to 65535 bytes. Set: a channel of the peer must "
                          "have the same. Empty: any",
                          "", flags));
  add(kOrdered,
      g_param_spec_boolean("ordered", "ordered", "Messages arrive in the order in which they were sent", TRUE, flags));
  add(kMaxRetransmits, g_param_spec_int("max-retransmits", "max-retransmits",
                                        "How often a lost message is sent again at most. -1: until it arrives", -1,
                                        G_MAXUINT16, -1, flags));
  add(kMaxPacketLifetime,
      g_param_spec_int("max-packet-lifetime", "max-packet-lifetime",
                       "How long a message is sent again, in milliseconds. -1: until it arrives. Not together with "
                       "max-retransmits",
                       -1, G_MAXUINT16, -1, flags));
  add(kNegotiated, g_param_spec_boolean("negotiated", "negotiated",
                                        "Both sides open the channel under the same id by themselves, before the call",
                                        FALSE, flags));
  add(kId,
      g_param_spec_int("id", "id", "Number of a negotiated channel, 1 to 1023 (0 is the session's own). -1: not set",
                       -1, core::kMaxChannelId, -1, flags));
  add(kPriority,
      g_param_spec_enum("priority", "priority",
                        "Marks the connection's packets (DSCP) for the network, by the highest of its channels",
                        GST_TYPE_WEBRTC_PRIORITY_TYPE, GST_WEBRTC_PRIORITY_TYPE_LOW, flags));
  add(kOpen, g_param_spec_boolean("open", "open",
                                  "Open the channel ourselves in every call. FALSE: use the one of this label that the "
                                  "peer, or another element of the session, opens",
                                  opens ? TRUE : FALSE, flags));
}

bool ChannelProperties::set(guint id, const GValue* value) {
  return wish_.with([&](ChannelWish& wish) {
    auto& options = wish.options;
    switch (id) {
      case kLabel:
        options.label = textOf(value);
        return true;
      case kProtocol:
        options.protocol = textOf(value);
        return true;
      case kOrdered:
        options.ordered = g_value_get_boolean(value) != FALSE;
        return true;
      case kMaxRetransmits:
        options.max_retransmits = countOf(value);
        return true;
      case kMaxPacketLifetime:
        options.max_lifetime = countOf(value);
        return true;
      case kNegotiated:
        options.negotiated = g_value_get_boolean(value) != FALSE;
        return true;
      case kId:
        options.id = countOf(value);
        return true;
      case kPriority:
        options.priority = priorityOf(value);
        return true;
      case kOpen:
        wish.open = g_value_get_boolean(value) != FALSE;
        return true;
      default:
        return false;
    }
  });
}

bool ChannelProperties::get(guint id, GValue* value) const {
  return wish_.with([&](const ChannelWish& wish) {
    const auto& options = wish.options;
    switch (id) {
      case kLabel:
        g_value_set_string(value, options.label.c_str());
        return true;
      case kProtocol:
        g_value_set_string(value, options.protocol.c_str());
        return true;
      case kOrdered:
        g_value_set_boolean(value, options.ordered);
        return true;
      case kMaxRetransmits:
        g_value_set_int(value, options.max_retransmits.value_or(-1));
        return true;
      case kMaxPacketLifetime:
        g_value_set_int(value, options.max_lifetime.value_or(-1));
        return true;
      case kNegotiated:
        g_value_set_boolean(value, options.negotiated);
        return true;
      case kId:
        g_value_set_int(value, options.id.value_or(-1));
        return true;
      case kPriority:
        g_value_set_enum(value, typeOf(options.priority));
        return true;
      case kOpen:
        g_value_set_boolean(value, wish.open);
        return true;
      default:
        return false;
    }
  });
}

}  // namespace rtc
