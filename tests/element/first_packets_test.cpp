// SPDX-License-Identifier: LGPL-2.1-or-later
//
// G18: the first packets of a connection that are lost do not hold it up.
#include "plugins/session/first_packets.hpp"

#include <openssl/ssl.h>
#include <sys/time.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "base/guarded.hpp"
#include "base/signal.hpp"
#include "plugins/session/dtls_timer.hpp"
#include "plugins/session/elements.hpp"
#include "tests/element/raw_peer.hpp"
#include "tests/support/check.hpp"

using rtc::core::UnansweredPackets;
using rtc::testing::negotiate;
using rtc::testing::RawPeer;
using rtc::testing::waitFor;
using Bytes = UnansweredPackets::Bytes;

namespace {

/// Loses the first packet with data in DTLS that comes to a peer, and keeps all that come.
class LossyBeginning {
 public:
  explicit LossyBeginning(const RawPeer& peer) {
    rtc::connectSignal<void(GstBin*, GstElement*)>(
        peer.webrtcbin(), "deep-element-added", [came = came_](GstBin*, GstElement* child) {
          auto* factory = gst_element_get_factory(child);
          if (factory == nullptr || std::string_view(GST_OBJECT_NAME(factory)) != "nicesrc") return;
          gst_pad_add_probe(rtc::staticPad(child, "src").get(), GST_PAD_PROBE_TYPE_BUFFER, onPacket, new Shared(came),
                            [](gpointer shared) noexcept { delete static_cast<Shared*>(shared); });
        });
  }

  bool lostCameAgain() const {
    return came_->with([](const std::vector<Bytes>& came) {
      return !came.empty() && std::find(came.begin() + 1, came.end(), came.front()) != came.end();
    });
  }

 private:
  using Shared = std::shared_ptr<rtc::Guarded<std::vector<Bytes>>>;

  static GstPadProbeReturn onPacket(GstPad*, GstPadProbeInfo* info, gpointer shared) noexcept {
    auto* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    Bytes packet(gst_buffer_get_size(buffer));
    gst_buffer_extract(buffer, 0, packet.data(), packet.size());
    if (!UnansweredPackets::carries(packet)) return GST_PAD_PROBE_OK;
    return (*static_cast<Shared*>(shared))->with([&](std::vector<Bytes>& came) {
      came.push_back(packet);
      return came.size() == 1 ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
    });
  }

  const Shared came_ = std::make_shared<rtc::Guarded<std::vector<Bytes>>>();
};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* connection) const { SSL_free(connection); }
};

}  // namespace

RTC_TEST(a_packet_that_is_lost_comes_again_as_it_was) {
  gst_init(nullptr, nullptr);
  rtc::TaskThread thread("session");
  RawPeer one("webrtcbin name=webrtc");
  RawPeer other("webrtcbin name=webrtc");
  // Both begin the association: the other's beginning would be an answer.
  const LossyBeginning back(one);
  std::unique_ptr<rtc::FirstPackets> packets;
  thread.run([&] {
    packets = std::make_unique<rtc::FirstPackets>(thread);
    packets->watch(one.webrtcbin());
  });
  const LossyBeginning path(other);
  one.trickleTo(other);
  other.trickleTo(one);
  one.pipeline().play();
  other.pipeline().play();
  GObject* channel = nullptr;
  g_signal_emit_by_name(one.webrtcbin(), "create-data-channel", "channel", nullptr, &channel);
  const auto kept = rtc::adopt(channel);
  negotiate(one, other);
  RTC_ASSERT(waitFor([&] { return path.lostCameAgain(); }));
  thread.run([&] { packets.reset(); });
}

RTC_TEST(dtls_waits_a_tenth_of_a_second_before_it_repeats_itself) {
  rtc::hastenDtls();
  const std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(DTLS_method()));
  const std::unique_ptr<SSL, Free> connection(SSL_new(context.get()));
  SSL_set_bio(connection.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(connection.get());
  SSL_do_handshake(connection.get());
  timeval left{};
  RTC_ASSERT_EQ(DTLSv1_get_timeout(connection.get(), &left), 1);
  RTC_ASSERT(left.tv_sec == 0 && left.tv_usec <= 100'000);
}
