// SPDX-License-Identifier: LGPL-2.1-or-later
//
// data_peer SERVER USER: a session that carries data channels and nothing else, led by lines of JSON: what it is told
// on stdin (`call`, `want`, `open`, `send`, `close`), and what happens, on stdout. Content is base64.
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/peers/commands.hpp"
#include "plugins/session/session.hpp"
#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace {

using rtc::DataChannel;
using rtc::DataMessage;
using rtc::core::ChannelOptions;
using rtc::signaling::JsonFields;
using rtc::signaling::JsonWriter;

void tell(const JsonWriter& event) {
  std::printf("%s\n", event.text().c_str());
  std::fflush(stdout);
}

std::string decoded(const std::string& base64) {
  gsize size = 0;
  auto* raw = g_base64_decode(base64.c_str(), &size);
  std::string content(reinterpret_cast<const char*>(raw), size);
  g_free(raw);
  return content;
}

std::string encoded(std::string_view content) {
  return rtc::adopt(g_base64_encode(reinterpret_cast<const guchar*>(content.data()), content.size())).get();
}

ChannelOptions optionsIn(const JsonFields& fields) {
  ChannelOptions options;
  options.label = fields.string("label");
  options.protocol = fields.string("protocol");
  options.ordered = fields.boolean("ordered").value_or(true);
  options.max_retransmits = fields.integer("maxRetransmits");
  options.max_lifetime = fields.integer("maxPacketLifeTime");
  options.negotiated = fields.boolean("negotiated").value_or(false);
  options.id = fields.integer("id");
  return options;
}

class DataPeer final : private rtc::DataUser {
 public:
  DataPeer(const char* server, const char* user)
      : session_("data-peer", [](const rtc::Session::Notice& notice) {
          const auto* change = std::get_if<rtc::Session::CallChanges>(&notice);
          if (change == nullptr) return;
          tell(JsonWriter()
                   .add("event", "call")
                   .add("state", rtc::signaling::word(change->state))
                   .add("reason", rtc::signaling::word(change->reason)));
        }) {
    pipeline_ = rtc::sink(gst_pipeline_new(nullptr));
    element_ = gst_element_factory_make("fakesrc", nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), element_);
    watchLogin();
    rtc::Settings settings;
    set(settings, rtc::Setting::Server, server);
    set(settings, rtc::Setting::User, user);
    g_assert(session_.join(element_, settings).ok());
    session_.addDataUser(this);
    session_.play();
  }
  ~DataPeer() override {
    session_.removeDataUser(this);
    session_.run([this] { channels_.clear(); });
    session_.leave(element_);
  }

  void obey(const std::string& line) {
    const auto command = JsonFields::parse(line);
    g_assert(command.ok());
    const auto& fields = command.value();
    const auto what = fields.string("do");
    if (what == "call") {
      session_.call(fields.string("user"));
    } else {
      session_.post([this, what, options = optionsIn(fields), text = fields.boolean("text").value_or(false),
                     content = decoded(fields.string("content"))] { act(what, options, text, content); });
    }
  }

 private:
  static void set(rtc::Settings& settings, rtc::Setting setting, const char* text) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_STRING);
    g_value_set_string(&value, text);
    settings.set(setting, &value);
    g_value_unset(&value);
  }

  void watchLogin() const {
    const auto bus = rtc::adopt(gst_element_get_bus(pipeline_.get()));
    const GstBusFunc on_message = [](GstBus*, GstMessage* message, gpointer) noexcept -> gboolean {
      if (gst_message_has_name(message, "rtc-session") != FALSE) {
        const auto* state = gst_structure_get_string(gst_message_get_structure(message), "state");
        tell(JsonWriter().add("event", "session").add("state", state));
      }
      return G_SOURCE_CONTINUE;
    };
    gst_bus_add_watch(bus.get(), on_message, nullptr);
  }

  void act(const std::string& what, const ChannelOptions& options, bool text, const std::string& content) {
    if (what == "want") {
      wanted_.push_back(options);
      tell(JsonWriter().add("event", "wanted").add("label", options.label));
    } else if (what == "open") {
      open(*call_, options);
    } else if (what == "send") {
      const auto sent = channels_[options.label]->send(DataMessage::copyOf(content, text));
      if (!sent) tell(JsonWriter().add("event", "refused").add("message", sent.error().message));
    } else if (what == "close") {
      channels_[options.label]->close();
    }
  }

  void open(rtc::CallData& call, const ChannelOptions& options) {
    if (auto channel = call.open(options, this)) {
      use(channel.value());
    } else {
      tell(JsonWriter().add("event", "refused").add("message", channel.error().message));
    }
  }

  void dataBegins(rtc::CallData& call) override {
    call_ = &call;
    for (const auto& options : wanted_) open(call, options);
  }
  bool channelOffered(rtc::CallData&, const std::shared_ptr<DataChannel>& channel) override {
    use(channel);
    return true;
  }
  void dataEnds(rtc::CallData&) override { call_ = nullptr; }

  void use(const std::shared_ptr<DataChannel>& channel) {
    channels_[channel->options().label] = channel;
    auto* raw = channel.get();
    DataChannel::Listener listener;
    listener.on_state = [raw](DataChannel::State, const std::string& why) { tellState(*raw, why); };
    listener.on_message = [label = channel->options().label](const DataMessage& message) {
      tell(JsonWriter()
               .add("event", "message")
               .add("label", label)
               .add("text", message.text)
               .add("content", encoded(message.view())));
    };
    channel->listen(std::move(listener));
    tellState(*channel, {});
  }

  static void tellState(const DataChannel& channel, const std::string& why) {
    const auto& options = channel.options();
    tell(JsonWriter()
             .add("event", "channel")
             .add("label", options.label)
             .add("protocol", options.protocol)
             .add("ordered", options.ordered)
             .add("maxRetransmits", options.max_retransmits.value_or(-1))
             .add("maxPacketLifeTime", options.max_lifetime.value_or(-1))
             .add("id", options.id.value_or(-1))
             .add("state", word(channel.state()))
             .add("largest", static_cast<int>(channel.maxMessageSize()))
             .add("why", why));
  }

  rtc::Ptr<GstElement> pipeline_;
  GstElement* element_ = nullptr;
  std::vector<ChannelOptions> wanted_;
  std::map<std::string, std::shared_ptr<DataChannel>> channels_;
  rtc::CallData* call_ = nullptr;
  rtc::Session session_;
};

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 3) return 2;
  const auto loop = rtc::adopt(g_main_loop_new(nullptr, FALSE));
  DataPeer peer(argv[1], argv[2]);
  rtc::bench::watchCommands([&](const std::string& command) {
    if (command.starts_with("quit")) {
      g_main_loop_quit(loop.get());
    } else {
      peer.obey(command);
    }
  });
  g_main_loop_run(loop.get());
  return 0;
}
