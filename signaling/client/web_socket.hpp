// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One WebSocket to a service, from its handshake to its end: text goes out, text comes in, and the end has a reason
// that a person can read. What is said over it is the business of its owner.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/task_thread.hpp"
#include "signaling/client/service_address.hpp"

namespace rtc::signaling {

/// Bound to the thread whose thread-default context is current when it is used; always the same one.
class WebSocket {
 public:
  struct End {
    enum class Kind {
      Unreachable,  ///< nobody answered
      Rejected,     ///< somebody answered, and it is not a service that we can or may use
      Lost,         ///< it was open before
    };
    Kind kind = Kind::Lost;
    std::string why;  ///< the middle of a sentence: "connection refused"
  };

  struct Handlers {
    std::function<void()> opened;
    std::function<void(std::string_view text)> received;
    std::function<void(const End&)> ended;  ///< once; the last call
  };

  /// Connects. `keepalive`: how often to ping (in whole seconds; none at 0). Two pings without a sign of life are an
  /// end.
  WebSocket(SoupSession* session, const ServiceAddress& address, Duration keepalive, Handlers handlers);
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;
  /// No handler is called any more. Drops the connection if it is open.
  ~WebSocket();

  /// Queues one text message. Does nothing unless open.
  void send(std::string_view text);
  /// Says good-bye after what is queued; `ended` tells when it has gone out.
  void close();

 private:
  struct Callbacks;

  void connected(Ptr<SoupWebsocketConnection> connection);
  void connectFailed(const GError& error);
  void heard();
  void end(End::Kind kind, std::string why);
  void closed();
  void drop();

  const Duration silence_limit_;
  const guint keepalive_seconds_;
  Handlers handlers_;
  Ptr<SoupMessage> handshake_;
  Ptr<GCancellable> cancel_;
  Ptr<SoupWebsocketConnection> connection_;
  std::string error_;  // what broke an open connection
  Timer silence_;
  // Expires with this object: a handshake may complete after it is gone.
  std::shared_ptr<WebSocket*> self_;
};

}  // namespace rtc::signaling
