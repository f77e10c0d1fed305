// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/sctp_stream.hpp"

#include <gst/sctp/sctpreceivemeta.h>
#include <gst/sctp/sctpsendmeta.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "plugins/session/pad_probe.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Ppid;

namespace {

std::optional<core::ChannelControl> controlIn(GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return std::nullopt;
  const auto control = core::channelControl({map.data, map.size});
  gst_buffer_unmap(buffer, &map);
  return control;
}

/// The buffer's bytes without copying them: the buffer stays as long as they do.
Ptr<GBytes> bytesOf(GstBuffer* buffer) {
  struct Mapped {
    Ptr<GstBuffer> buffer;
    GstMapInfo map;
  };
  auto mapped = std::make_unique<Mapped>(Mapped{share(buffer), GstMapInfo{}});
  if (!gst_buffer_map(buffer, &mapped->map, GST_MAP_READ)) return adopt(g_bytes_new(nullptr, 0));
  const auto* data = mapped->map.data;
  const auto size = mapped->map.size;
  const GDestroyNotify unmap = [](gpointer owned) noexcept {
    const std::unique_ptr<Mapped> ends(static_cast<Mapped*>(owned));
    gst_buffer_unmap(ends->buffer.get(), &ends->map);
  };
  return adopt(g_bytes_new_with_free_func(data, size, unmap, mapped.release()));
}

/// Up to the newest release known, the encoder turns the bytes of this number round before it hands it to SCTP.
guint32 reliabilityParameter(guint32 wanted) {
  static const bool turned = [] {
    const auto plugin = adopt(gst_registry_find_plugin(gst_registry_get(), "sctp"));
    guint major = 0;
    guint minor = 0;
    return !plugin || std::sscanf(gst_plugin_get_version(plugin.get()), "%u.%u", &major, &minor) != 2 ||
           (major == 1 && minor < 30);
  }();
  return turned ? GUINT32_SWAP_LE_BE(wanted) : wanted;
}

void call(const std::shared_ptr<std::function<void()>>& wake) {
  if (wake && *wake) (*wake)();
}

}  // namespace

void SctpStream::listen(Wake arrived, Wake low) {
  auto on_arrival = std::make_shared<Wake>(std::move(arrived));
  auto on_low = std::make_shared<Wake>(std::move(low));
  state_.with([&](State& state) {
    std::swap(state.on_arrival, on_arrival);
    std::swap(state.on_low, on_low);
  });
}

SctpStream::~SctpStream() {
  take();
}

std::vector<DataMessage> SctpStream::take() {
  return state_.with([this](State& state) {
    *held_by_all_ -= state.held_bytes + state.held.size() * kMessageCost;
    state.held_bytes = 0;
    return std::exchange(state.held, {});
  });
}

bool SctpStream::overflowed() const {
  return state_.with([](const State& state) { return state.overflowed; });
}

void SctpStream::expect(Ppid kind, std::size_t size) {
  state_.with([&](State& state) {
    state.leaving.push_back({kind, size});
    state.queued += size;
  });
}

void SctpStream::takeBack() {
  state_.with([](State& state) {
    if (state.leaving.empty()) return;
    state.queued -= state.leaving.back().size;
    state.leaving.pop_back();
  });
}

std::uint64_t SctpStream::queued() const {
  return state_.with([](const State& state) { return state.queued; });
}

void SctpStream::setLowThreshold(std::uint64_t bytes) {
  state_.with([bytes](State& state) { state.low = bytes; });
}

void SctpStream::whenIdle(Wake idle) {
  const auto sender = state_.with([&](State& state) {
    const bool ready = state.established || state.negotiated;
    if (!ready) state.when_idle = std::exchange(idle, nullptr);
    return ready ? share(state.sender) : nullptr;
  });
  if (idle) awaitIdle(sender.get(), std::move(idle));
}

void SctpStream::awaitIdle(GstPad* sender, Wake idle) {
  const auto from = sender != nullptr ? adopt(gst_pad_get_peer(sender)) : nullptr;
  if (!from) {
    idle();
    return;
  }
  // The pad is busy until the encoder has given the whole of its last message to SCTP.
  addProbe(from.get(), GST_PAD_PROBE_TYPE_IDLE, [idle = std::move(idle)](GstPad*, GstPadProbeInfo*) {
    idle();
    return GST_PAD_PROBE_REMOVE;
  });
}

void SctpStream::setNegotiated() {
  state_.with([](State& state) { state.negotiated = true; });
}

void SctpStream::setSender(GstPad* pad) {
  auto sender = share(pad);
  state_.with([&](State& state) { std::swap(state.sender, sender); });
}

bool SctpStream::hasSender() const {
  return state_.with([](const State& state) { return state.sender != nullptr; });
}

bool SctpStream::arrive(GstBuffer* buffer) {
  const auto* meta = gst_sctp_buffer_get_receive_meta(buffer);
  switch (meta == nullptr ? Ppid{} : static_cast<Ppid>(meta->ppid)) {
    case Ppid::Dcep: {
      // A malformed one, or one on a stream that needs none, is an error of the whole transport to webrtcbin.
      const auto control = controlIn(buffer);
      const bool negotiated = state_.with([](const State& state) { return state.negotiated; });
      return control == core::ChannelControl::Open && !negotiated;
    }
    case Ppid::Text:
    case Ppid::TextPartial:
      hold({true, bytesOf(buffer)});
      return false;
    case Ppid::Binary:
    case Ppid::BinaryPartial:
      hold({false, bytesOf(buffer)});
      return false;
    case Ppid::EmptyText:
      // RFC 8831 section 6.6: one byte that is to be ignored.
      hold(DataMessage::copyOf({}, true));
      return false;
    case Ppid::EmptyBinary:
      hold(DataMessage::copyOf({}, false));
      return false;
  }
  GST_DEBUG("a message of an unknown kind is left out");  // so is an error of the whole transport to webrtcbin
  return false;
}

void SctpStream::hold(DataMessage message) {
  const auto wake = state_.with([&](State& state) -> std::shared_ptr<Wake> {
    const auto size = message.size();
    if (state.overflowed || state.held_bytes + size > kMaxHeldBytes || state.held.size() >= kMaxHeldMessages) {
      const bool told = std::exchange(state.overflowed, true);
      return told ? nullptr : state.on_arrival;
    }
    const bool first = state.held.empty();
    *held_by_all_ += size + kMessageCost;
    state.held_bytes += size;
    state.held.push_back(std::move(message));
    return first ? state.on_arrival : nullptr;
  });
  call(wake);
}

void SctpStream::leave(GstBuffer* buffer) {
  auto* meta = gst_sctp_buffer_get_send_meta(buffer);
  if (meta == nullptr) return;
  if (static_cast<Ppid>(meta->ppid) == Ppid::Dcep) {
    auto [sender, idle] = state_.with([](State& state) {
      state.established = true;
      return std::pair(share(state.sender), std::exchange(state.when_idle, nullptr));
    });
    if (idle) awaitIdle(sender.get(), std::move(idle));
    return;
  }
  meta->pr_param = reliabilityParameter(meta->pr_param);
  const auto wake = state_.with([&](State& state) -> std::shared_ptr<Wake> {
    if (state.leaving.empty()) return nullptr;  // of the control channel, which sends by webrtcbin's own means
    const auto [kind, size] = state.leaving.front();
    state.leaving.pop_front();
    meta->ppid = static_cast<guint32>(kind);
    const auto before = std::exchange(state.queued, state.queued - size);
    return before > state.low && state.queued <= state.low ? state.on_low : nullptr;
  });
  call(wake);
}

}  // namespace rtc
