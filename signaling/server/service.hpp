// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The hub on real sockets: turns what the connections hear into the hub's events and carries out what it answers.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "base/result.hpp"
#include "base/task_thread.hpp"
#include "signaling/server/admin.hpp"
#include "signaling/server/bookkeeping.hpp"
#include "signaling/server/connection_table.hpp"
#include "signaling/server/hub.hpp"
#include "signaling/server/listener.hpp"
#include "signaling/server/options.hpp"
#include "signaling/server/page/embedded_page.hpp"
#include "signaling/server/page/web_root.hpp"
#include "signaling/server/system_randomness.hpp"
#include "signaling/server/tls_context.hpp"
#include "signaling/server/wire/forwarded.hpp"
#include "signaling/server/wire/handshake.hpp"

namespace rtc::signaling {

/// Bound to the thread of the default main context.
class Service final : private ConnectionHost {
 public:
  explicit Service(Options options);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  ~Service();

  /// What `check-config` asks: everything that `listen` needs but the sockets.
  Result<Done> prepare();
  /// One line for each address that it listens on from now on: `listening on ws://HOST:PORT`, and last, if it is
  /// wished, `admin on http://HOST:PORT`.
  Result<std::vector<std::string>> listen();
  /// Serves until a signal asks for the end, and until that is done.
  void run();

 private:
  static gboolean onEndSignal(gpointer self) noexcept;
  static gboolean onReloadSignal(gpointer self) noexcept;

  std::variant<Reply, Upgrade> requested(Connection& connection, const RequestHead& head) override;
  void opened(Connection& connection, const RequestHead& head) override;
  void received(Connection& connection, std::string_view text) override;
  void left(Connection& connection) override;
  void ended(Connection& connection, Closing why) override;

  Result<std::vector<UniqueFd>> openSockets();
  Result<Done> loadTls();
  void accept(UniqueFd socket, const Address& from);
  Reply fileFor(const RequestHead& head) const;
  std::optional<Reply> revealClient(Connection& connection, const RequestHead& head);
  std::optional<Reply> refuseUpgrade(const RequestHead& head);

  void carryOut(std::vector<Outgoing> outgoing);
  void carryOutOne(const Outgoing& outgoing);
  void scheduleTick();
  void reload();
  std::string metricsPage();

  void beginDrain();
  /// Nobody is left to wait for, or the time is over.
  void finishDrain();
  void disconnectAll();

  Options options_;
  SteadyClock clock_;
  SystemRandomness randomness_;
  Hub hub_;
  Reactor reactor_;
  Metrics metrics_;
  AddressGate gate_;
  Bookkeeping books_;
  AssemblyPool assemblies_;
  OriginRule origins_;
  TrustedProxies proxies_;
  ConnectionTable connections_;
  std::optional<EmbeddedPage> page_;
  std::optional<WebRoot> web_root_;  ///< instead of the page
  std::optional<TlsContext> tls_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Admin admin_;
  Ptr<GMainLoop> loop_;
  /// From the very beginning: whoever reads where we listen may ask us to stop.
  std::vector<guint> signals_;
  std::deque<Outgoing> outgoing_;
  bool carrying_out_ = false;
  Timer tick_;
  std::optional<Instant> tick_at_;
  enum class Phase { Serving, Draining, Stopping } phase_ = Phase::Serving;
  Timer drain_;
};

}  // namespace rtc::signaling
