// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A client of the service that says and hears plain text, as a stranger's client would.
#pragma once

#include <libsoup/soup.h>

#include <deque>
#include <optional>
#include <string>

#include "base/ptr.hpp"
#include "tests/support/wait.hpp"

RTC_OWN_GOBJECT(SoupSession);
RTC_OWN_GOBJECT(SoupMessage);
RTC_OWN_GOBJECT(SoupWebsocketConnection);

namespace rtc::testing {

/// Bound to the test's thread and its default context.
class SocketClient {
 public:
  /// Connects; a service that does not answer fails the test.
  explicit SocketClient(const std::string& uri);
  SocketClient(const SocketClient&) = delete;
  SocketClient& operator=(const SocketClient&) = delete;
  /// Drops the connection without a farewell, if it still stands.
  ~SocketClient();

  void say(const std::string& text);
  void sayBinary(const std::string& bytes);
  /// The next message; `(nothing)` at the deadline, `(closed)` after the connection's end.
  std::string hear(Duration deadline = kPatience);
  /// Says it and hears the next message.
  std::string ask(const std::string& text);
  /// Shows that nothing is on its way to this client, without waiting for it: asks for what every client is answered
  /// and hears only that.
  bool hearsNothing();

  /// Says goodbye, and waits until the service has done so too.
  void close();
  /// Ends the TCP connection at once.
  void drop();
  /// The service's close code, once it closed the connection.
  std::optional<int> closeCode(Duration deadline = kPatience);

 private:
  static void onConnected(GObject* session, GAsyncResult* result, gpointer self) noexcept;
  static void onMessage(SoupWebsocketConnection* socket, gint type, GBytes* message, gpointer self) noexcept;
  static void onClosed(SoupWebsocketConnection* socket, gpointer self) noexcept;

  Ptr<SoupSession> session_;
  Ptr<SoupWebsocketConnection> socket_;
  std::string problem_;
  std::deque<std::string> heard_;
  bool closed_ = false;
};

}  // namespace rtc::testing
