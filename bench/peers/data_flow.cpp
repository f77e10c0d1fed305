// SPDX-License-Identifier: LGPL-2.1-or-later
//
// data_flow bare|session|lanes=N MIBIBYTES [SIZE]: moves so much in messages of SIZE bytes (16384) from one connection
// to another within this process, and says how fast: over a bare webrtcbin pair's data channel, over our channel
// between two sessions, or over N lanes of theirs. The sessions want a service: RTC_SERVER.
#include <sys/resource.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/signal.hpp"
#include "base/task_thread.hpp"
#include "bench/peers/report.hpp"
#include "plugins/session/session.hpp"

namespace {

constexpr std::uint64_t kHigh = 1024 * 1024;
constexpr std::uint64_t kLow = 256 * 1024;

/// What is still to be sent, and what has come.
struct Load {
  std::uint64_t total;
  std::size_t size;
  std::atomic<std::uint64_t> sent = 0;
  std::atomic<std::uint64_t> received = 0;
  rtc::Ptr<GBytes> message() const { return rtc::adopt(g_bytes_new_take(g_malloc0(size), size)); }
  bool take() {
    if (sent >= total) return false;
    sent += size;
    return true;
  }
};

double processorSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Waits on the default context until the predicate holds.
void await(const std::function<bool()>& done) {
  while (!done()) {
    g_main_context_iteration(nullptr, FALSE);
    g_usleep(200);
  }
}

void measure(const char* what, Load& load, const std::function<void()>& start) {
  const auto processor = processorSeconds();
  const auto begun = g_get_monotonic_time();
  start();
  await([&] { return load.received >= load.total; });
  const auto seconds = static_cast<double>(g_get_monotonic_time() - begun) / 1e6;
  const auto megabytes = static_cast<double>(load.total) / 1e6;
  char more[200];
  std::snprintf(more, sizeof more, ",\"what\":\"%s\",\"megabytes_per_second\":%.1f,\"cpu_ms_per_megabyte\":%.2f", what,
                megabytes / seconds, (processorSeconds() - processor) * 1e3 / megabytes);
  rtc::bench::report("flow", more);
}

// --- Bare ------------------------------------------------------------------------------------------------------------

class Bare {
 public:
  Bare() : pipeline_(rtc::sink(gst_pipeline_new(nullptr))) {
    webrtcbin = gst_element_factory_make("webrtcbin", nullptr);
    gst_util_set_object_arg(G_OBJECT(webrtcbin), "bundle-policy", "max-bundle");
    gst_bin_add(GST_BIN(pipeline_.get()), webrtcbin);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
  }
  ~Bare() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }
  void trickleTo(const Bare& other) const {
    rtc::connectSignal<void(guint, const char*)>(webrtcbin, "on-ice-candidate",
                                                 [to = other.webrtcbin](guint mline, const char* candidate) {
                                                   g_signal_emit_by_name(to, "add-ice-candidate", mline, candidate);
                                                 });
  }
  rtc::Ptr<GstWebRTCSessionDescription> make(const char* what) const {
    const auto promise = rtc::adopt(gst_promise_new());
    g_signal_emit_by_name(webrtcbin, (std::string("create-") + what).c_str(), nullptr, promise.get());
    gst_promise_wait(promise.get());
    GstWebRTCSessionDescription* made = nullptr;
    gst_structure_get(gst_promise_get_reply(promise.get()), what, GST_TYPE_WEBRTC_SESSION_DESCRIPTION, &made, nullptr);
    return rtc::adopt(made);
  }
  void set(const char* action, GstWebRTCSessionDescription* description) const {
    const auto promise = rtc::adopt(gst_promise_new());
    g_signal_emit_by_name(webrtcbin, action, description, promise.get());
    gst_promise_wait(promise.get());
  }
  GstElement* webrtcbin = nullptr;

 private:
  rtc::Ptr<GstElement> pipeline_;
};

void bareFlow(Load& load) {
  const Bare from;
  const Bare to;
  from.trickleTo(to);
  to.trickleTo(from);
  rtc::connectSignal<void(GstWebRTCDataChannel*)>(
      to.webrtcbin, "on-data-channel", [&load](GstWebRTCDataChannel* channel) {
        rtc::connectSignal<void(GBytes*)>(channel, "on-message-data",
                                          [&load](GBytes* bytes) { load.received += g_bytes_get_size(bytes); });
      });
  GstWebRTCDataChannel* made = nullptr;
  g_signal_emit_by_name(from.webrtcbin, "create-data-channel", "bulk", nullptr, &made);
  const auto channel = rtc::adopt(made);
  rtc::TaskThread thread("feeder");
  const auto bytes = load.message();
  const auto feed = [&load, &bytes, raw = channel.get()] {
    guint64 buffered = 0;
    for (;;) {
      g_object_get(raw, "buffered-amount", &buffered, nullptr);
      if (buffered >= kHigh || !load.take()) return;
      gst_webrtc_data_channel_send_data_full(raw, bytes.get(), nullptr);
    }
  };
  g_object_set(channel.get(), "buffered-amount-low-threshold", kLow, nullptr);
  rtc::connectSignal<void()>(channel.get(), "on-buffered-amount-low", [&] { thread.post(feed); });
  std::atomic<bool> open = false;
  rtc::connectSignal<void()>(channel.get(), "on-open", [&open] { open = true; });
  const auto offer = from.make("offer");
  from.set("set-local-description", offer.get());
  to.set("set-remote-description", offer.get());
  const auto answer = to.make("answer");
  to.set("set-local-description", answer.get());
  from.set("set-remote-description", answer.get());
  await([&] { return open.load(); });
  measure("bare", load, [&] { thread.post(feed); });
}

// --- Ours ------------------------------------------------------------------------------------------------------------

class Party final : private rtc::DataUser {
 public:
  Party(const char* user, Load& load) : load_(load), session_("flow", [](const rtc::Session::Notice&) {}) {
    pipeline_ = rtc::sink(gst_pipeline_new(nullptr));
    element_ = gst_element_factory_make("fakesrc", nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), element_);
    rtc::Settings settings;
    GValue name = G_VALUE_INIT;
    g_value_init(&name, G_TYPE_STRING);
    g_value_set_string(&name, user);
    settings.set(rtc::Setting::User, &name);
    g_value_unset(&name);
    g_assert(session_.join(element_, settings).ok());
    session_.addDataUser(this);
    session_.play();
  }
  ~Party() override {
    session_.removeDataUser(this);
    session_.run([this] { channels_.clear(); });
    session_.leave(element_);
  }
  void call(const char* user) { session_.call(user); }
  bool open(std::size_t count) const { return opened_ >= count; }
  void openLane() {
    session_.run([this] { use(call_->openLane(bulk(), this)); });
  }
  void start() {
    session_.post([this] {
      if (channels_.size() > 1) channels_.erase(channels_.begin());  // the lanes carry it all
      for (const auto& channel : channels_) feed(*channel);
    });
  }

 private:
  static rtc::core::ChannelOptions bulk() {
    rtc::core::ChannelOptions options;
    options.label = "bulk";
    return options;
  }
  void dataBegins(rtc::CallData& call) override {
    call_ = &call;
    if (call.caller()) use(call.open(bulk(), this));
  }
  bool channelOffered(rtc::CallData&, const std::shared_ptr<rtc::DataChannel>& channel) override {
    use(channel);
    return true;
  }
  void dataEnds(rtc::CallData&) override { call_ = nullptr; }

  void use(rtc::Result<std::shared_ptr<rtc::DataChannel>> made) {
    g_assert(made.ok());
    const auto channel = made.value();
    channels_.push_back(channel);
    rtc::DataChannel::Listener listener;
    listener.on_state = [this](rtc::DataChannel::State state, const std::string&) {
      if (state == rtc::DataChannel::State::Open) ++opened_;
    };
    listener.on_message = [this](const rtc::DataMessage& message) { load_.received += message.size(); };
    listener.on_low = [this, raw = channel.get()] { feed(*raw); };
    channel->setLowThreshold(kLow);
    channel->listen(std::move(listener));
  }
  void feed(rtc::DataChannel& channel) {
    while (channel.bufferedAmount() < kHigh && load_.take()) {
      const auto sent = channel.send({false, rtc::share(bytes_)});
      g_assert(sent.ok());
    }
  }

  Load& load_;
  const rtc::Ptr<GBytes> bytes_ = load_.message();
  rtc::Ptr<GstElement> pipeline_;
  GstElement* element_ = nullptr;
  rtc::CallData* call_ = nullptr;
  std::vector<std::shared_ptr<rtc::DataChannel>> channels_;
  std::atomic<std::size_t> opened_ = 0;
  rtc::Session session_;
};

void sessionFlow(Load& load, std::size_t lanes) {
  Party to("flow-to", load);
  Party from("flow-from", load);
  g_usleep(300'000);  // until the other is online; a call to nobody would end
  from.call("flow-to");
  await([&] { return from.open(1); });
  g_usleep(300'000);  // the control channel has spoken
  for (std::size_t i = 0; i < lanes; ++i) from.openLane();
  await([&] { return from.open(1 + lanes); });
  measure(lanes == 0 ? "session" : "lanes", load, [&] { from.start(); });
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc < 3) return 2;
  const std::string what = argv[1];
  Load load{std::strtoull(argv[2], nullptr, 10) << 20, argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 16'384};
  if (what == "bare") {
    bareFlow(load);
  } else {
    const bool lanes = what.starts_with("lanes=");
    sessionFlow(load, lanes ? std::strtoul(what.c_str() + 6, nullptr, 10) : 0);
  }
  return 0;
}
