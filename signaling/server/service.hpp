// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The hub on real sockets: turns what libsoup reports into the hub's events and carries out what it answers.
#pragma once

#include <libsoup/soup.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"
#include "base/task_thread.hpp"
#include "signaling/server/connection.hpp"
#include "signaling/server/hub.hpp"
#include "signaling/server/options.hpp"
#include "signaling/server/system_randomness.hpp"
#include "signaling/server/web_root.hpp"

RTC_OWN_GOBJECT(SoupServer);

namespace rtc::signaling {

/// Bound to the thread of the default main context.
class Service {
 public:
  explicit Service(Options options);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  /// Where it listens from now on, as `ws://HOST:PORT`.
  Result<std::string> listen();
  /// Serves until a signal asks for the end, and until that is done.
  void run();

 private:
  static void onRequest(SoupServer* server, SoupServerMessage* message, const char* path, GHashTable* query,
                        gpointer self) noexcept;
  static void onWebSocket(SoupServer* server, SoupServerMessage* message, const char* path,
                          SoupWebsocketConnection* socket, gpointer self) noexcept;
  static gboolean onSignal(gpointer self) noexcept;

  void accept(SoupWebsocketConnection* socket);
  void received(ClientId client, std::string_view text);
  void closed(ClientId client);
  void carryOut(std::vector<Outgoing> outgoing);
  void carryOutOne(const Outgoing& outgoing);
  void scheduleTick();

  void beginDrain();
  /// Nobody is left to wait for, or the time is over.
  void finishDrain();
  void disconnectAll();

  Options options_;
  SteadyClock clock_;
  SystemRandomness randomness_;
  Hub hub_;
  std::optional<WebRoot> web_root_;
  Ptr<SoupServer> server_;
  Ptr<GMainLoop> loop_;
  /// From the very beginning: whoever reads where we listen may ask us to stop.
  guint terminate_;
  guint interrupt_;
  std::unordered_map<ClientId, std::unique_ptr<Connection>> connections_;
  ClientId last_client_ = 0;
  std::deque<Outgoing> outgoing_;
  bool carrying_out_ = false;
  Timer tick_;
  enum class Phase { Serving, Draining, Stopping } phase_ = Phase::Serving;
  Timer drain_;
};

}  // namespace rtc::signaling
