// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One client's WebSocket: text in, text out, and its end noticed in every case.
#pragma once

#include <libsoup/soup.h>

#include <functional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ptr.hpp"
#include "base/task_thread.hpp"
#include "signaling/server/outgoing.hpp"

RTC_OWN_GOBJECT(SoupWebsocketConnection);

namespace rtc::signaling {

/// Bound to the thread of the service.
class Connection {
 public:
  struct Events {
    std::function<void(std::string_view text)> received;
    /// Comes once; the connection may be destroyed in it.
    std::function<void()> closed;
  };

  /// Pings the client this often; one that stays silent for longer than two pings is given up.
  Connection(SoupWebsocketConnection* socket, Duration ping, Events events);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void send(const std::string& text);
  void close(CloseCode code, const std::string& reason);

 private:
  static void onMessage(SoupWebsocketConnection* socket, gint type, GBytes* message, gpointer self) noexcept;
  static void onPong(SoupWebsocketConnection* socket, GBytes* payload, gpointer self) noexcept;
  static void onClosed(SoupWebsocketConnection* socket, gpointer self) noexcept;

  bool open() const;
  void heard();

  Ptr<SoupWebsocketConnection> socket_;
  Events events_;
  Duration silence_limit_;
  /// Runs out when neither a message nor the answer to a ping came.
  Timer silence_;
  std::size_t unconfirmed_ = 0;
};

}  // namespace rtc::signaling
