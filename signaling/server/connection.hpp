// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One client's socket from its acceptance to its end: TLS if there is any, HTTP requests, and, after an upgrade,
// messages. Each step has a deadline, and all that the client can make us keep has a bound.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/token_bucket.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/reactor.hpp"
#include "signaling/server/unique_fd.hpp"
#include "signaling/server/wire/address.hpp"
#include "signaling/server/wire/assembly_pool.hpp"
#include "signaling/server/wire/closing.hpp"
#include "signaling/server/wire/connection_limits.hpp"
#include "signaling/server/wire/metrics.hpp"
#include "signaling/server/wire/request_head.hpp"
#include "signaling/server/wire/response.hpp"
#include "signaling/server/wire/send_buffer.hpp"
#include "signaling/server/wire_end.hpp"

namespace rtc::signaling {

class Connection;

/// What a request is answered with; `file` is its body if it has one.
struct Reply {
  Response response;
  UniqueFd file;
  bool keep_alive = true;  ///< as far as the client wishes it
};
/// The request opens a WebSocket.
struct Upgrade {
  std::string key;  ///< the client's
};

/// For whom connections are kept. Nothing here may destroy a connection at once: `Reactor::bury` does it in time.
class ConnectionHost {
 public:
  virtual std::variant<Reply, Upgrade> requested(Connection& connection, const RequestHead& head) = 0;
  /// It is a WebSocket now.
  virtual void opened(Connection& connection, const RequestHead& head) = 0;
  virtual void received(Connection& connection, std::string_view text) = 0;
  /// A WebSocket's client is gone: comes once for each that was opened, and nothing is received after it.
  virtual void left(Connection& connection) = 0;
  /// The socket is closed. The last word.
  virtual void ended(Connection& connection, Closing why) = 0;

 protected:
  ~ConnectionHost() = default;
};

/// What the connections of one host share.
struct ConnectionShare {
  Reactor& reactor;
  const ConnectionLimits& limits;
  AssemblyPool& assemblies;
  Metrics& metrics;
  ConnectionHost& host;
};

/// Bound to the reactor's thread.
class Connection final : public Reactor::Handler, private TimerWheel::Entry, private MessageSink {
 public:
  Connection(ClientId id, WireEnd wire, const Address& address, ConnectionShare& share);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() override;

  ClientId id() const { return id_; }
  const Address& address() const { return address_; }
  /// A proxy said for whom it speaks.
  void setAddress(const Address& address) { address_ = address; }
  bool isOpen() const { return phase_ == Phase::Open; }
  /// Bytes that wait for the socket.
  std::size_t queued() const { return out_.size(); }

  /// To an open WebSocket; anything else hears nothing.
  void send(std::string_view text);
  /// Says goodbye to an open WebSocket, and ends whatever else it is.
  void close(CloseCode code, std::string_view reason, Closing why);
  /// The login deadline is met.
  void loggedIn() { logged_in_ = true; }

  void ready(std::uint32_t events) override;
  void flush() override;

 private:
  enum class Phase : std::uint8_t {
    Handshaking,
    Requesting,
    Responding,  ///< nothing is read until the answer is out
    Open,
    Closing,    ///< our goodbye is said, the client's is awaited
    Lingering,  ///< all is said; what still comes in is dropped, so that the last words are not
    Ended,
  };
  struct Exchange;

  void expired(Instant now) override;
  bool onFrame() override;
  bool onText(std::string_view text) override;
  bool onPing(std::string_view payload) override;
  bool onPong() override;
  void onClose(std::uint16_t code) override;
  void onViolation(CloseCode code, std::string_view why) override;

  void handshake();
  void read();
  void take(std::string_view bytes);
  void endOfStream();
  void takeRequest();
  void answer(Reply reply, const RequestHead* head);
  void open(const Upgrade& upgrade, const RequestHead& head);
  void feed(std::string_view bytes);

  /// Kept alive between two requests.
  bool idle() const;
  void append(Opcode opcode, std::string_view payload);
  void flushSoon();
  void fail(CloseCode code, std::string_view reason, Closing why);
  void linger(Closing why);
  void farewell();
  void end(Closing why);
  bool refill();
  void flushed();

  void enter(Phase phase);
  void checkOpen(Instant now);
  Instant nextDeadline() const;
  void reschedule();
  void updateInterest();

  // What each message touches comes first: of thousands of connections, none is in the cache when its turn comes.
  ConnectionShare& share_;
  ClientId id_;
  WireEnd wire_;
  Phase phase_;
  Closing why_ = Closing::Broken;
  bool logged_in_ = false;
  bool in_left_ = false;  ///< the host knows it as a WebSocket
  bool flush_pending_ = false;
  bool blocked_ = false;        ///< the socket takes no more
  std::uint32_t interest_ = 0;  ///< of epoll
  SendBuffer out_;
  Instant progress_{};                    ///< of what is sent
  Instant heard_{};                       ///< the client
  std::optional<Instant> message_since_;  ///< when the unfinished message began
  TokenBucket frames_;
  std::unique_ptr<Assembly> assembly_;  ///< only within a message

  Address address_;
  Instant since_{};   ///< when the phase began
  Instant opened_{};  ///< when the WebSocket did
  Instant pinged_{};
  std::size_t dropped_ = 0;
  std::unique_ptr<Exchange> exchange_;  ///< only before the upgrade
};

/// Sec-WebSocket-Accept for the client's key (RFC 6455 4.2.2).
std::string acceptFor(std::string_view key);

}  // namespace rtc::signaling
