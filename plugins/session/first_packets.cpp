// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/first_packets.hpp"

#include <nice/agent.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "base/signal.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/pad_probe.hpp"

namespace rtc {

namespace {

using core::UnansweredPackets;

/// One that carries data in DTLS; nothing if it is another one.
std::optional<UnansweredPackets::Bytes> packetIn(GstBuffer* buffer) {
  std::uint8_t kind = 0;
  if (gst_buffer_extract(buffer, 0, &kind, 1) != 1 || !UnansweredPackets::carries({&kind, 1})) return std::nullopt;
  UnansweredPackets::Bytes bytes(gst_buffer_get_size(buffer));
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

/// Hears of the first such packets that pass a pad, on its streaming thread.
template <typename F>
void hearFirst(GstPad* pad, F hear) {
  const auto listen = [hear = std::move(hear), left = 2 * UnansweredPackets::kFirst](GstPad*,
                                                                                     GstPadProbeInfo* info) mutable {
    eachBuffer(info, [&](GstBuffer* buffer) {
      auto packet = left > 0 ? packetIn(buffer) : std::nullopt;
      if (!packet) return;
      --left;
      hear(std::move(*packet));
    });
    return left > 0 ? GST_PAD_PROBE_OK : GST_PAD_PROBE_REMOVE;
  };
  addProbe(pad, kAnyBuffer, listen);
}

}  // namespace

FirstPackets::FirstPackets(TaskThread& thread) : thread_(thread), mail_(std::make_shared<Mail>(thread, *this)) {}

FirstPackets::~FirstPackets() {
  mail_->close();
}

void FirstPackets::watch(GstElement* webrtcbin) {
  connectSignal<void(GstBin*, GstElement*)>(
      webrtcbin, "deep-element-added", [mail = mail_](GstBin*, GstElement* child) {
        auto* factory = gst_element_get_factory(child);
        const std::string_view type = factory != nullptr ? GST_OBJECT_NAME(factory) : "";
        if (type == "nicesink") {
          hearFirst(staticPad(child, "sink").get(), [mail, sink = G_OBJECT(child)](Bytes packet) {
            mail->post([sink = share(sink), packet = std::move(packet)](FirstPackets& self) mutable {
              self.sent(std::move(sink), std::move(packet));
            });
          });
        } else if (type == "nicesrc") {
          hearFirst(staticPad(child, "src").get(), [mail](Bytes packet) {
            mail->post([packet = std::move(packet)](FirstPackets& self) { self.received(packet); });
          });
        }
      });
}

void FirstPackets::sent(Ptr<GObject> sink, Bytes packet) {
  sink_ = std::move(sink);
  packets_.sent(std::move(packet), SteadyClock().now());
  plan();
}

void FirstPackets::received(const Bytes& packet) {
  packets_.received(packet);
  plan();
}

void FirstPackets::sendAgain() {
  NiceAgent* agent = nullptr;
  guint stream = 0;
  guint component = 0;
  g_object_get(sink_.get(), "agent", &agent, "stream", &stream, "component", &component, nullptr);
  const auto kept = adopt(G_OBJECT(agent));
  for (const auto& packet : packets_.due(SteadyClock().now())) {
    // Never waits. If there is no room for it now, its next time may find some.
    nice_agent_send(agent, stream, component, static_cast<guint>(packet.size()),
                    reinterpret_cast<const gchar*>(packet.data()));
  }
  plan();
}

void FirstPackets::plan() {
  const auto next = packets_.next();
  next_.cancel();
  if (!next) return;
  const auto wait = std::max(*next - SteadyClock().now(), Duration(0));
  next_ = Timer(thread_.context(), wait, [this] { sendAgain(); });
}

}  // namespace rtc
