// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/connection.hpp"

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "signaling/server/wire/frame.hpp"

namespace rtc::signaling {

namespace {

/// For the close frame's way to the client and back.
constexpr Duration kFarewell{1'000};
/// Whoever sends more after the end than this is not waited for.
constexpr std::size_t kMostDropped = 1024 * 1024;
/// Of a file, waiting to be sent.
constexpr std::size_t kFilePiece = 64 * 1024;

}  // namespace

/// A request and what is left of its answer.
struct Connection::Exchange {
  std::string head;  ///< bytes of this request, and of the next one
  UniqueFd file;
  std::uint64_t file_left = 0;
  bool keep_alive = false;
  bool answered = false;  ///< a request before this one
};

Connection::Connection(ClientId id, WireEnd wire, const Address& address, ConnectionShare& share)
    : share_(share),
      id_(id),
      wire_(std::move(wire)),
      phase_(wire_.encrypted() ? Phase::Handshaking : Phase::Requesting),
      frames_(share.limits.frames(), share.reactor.now()),
      address_(address),
      exchange_(std::make_unique<Exchange>()) {
  heard_ = progress_ = share_.reactor.now();
  interest_ = EPOLLIN;
  share_.reactor.watch(wire_.fd(), *this, interest_);
  enter(phase_);
}

Connection::~Connection() = default;

// --- What the socket says --------------------------------------------------------------------------------------------

void Connection::ready(std::uint32_t events) {
  if (phase_ == Phase::Ended) return;
  if (phase_ == Phase::Handshaking) {
    handshake();
    return;
  }
  if ((events & (EPOLLERR | EPOLLHUP)) != 0 && (events & EPOLLIN) == 0) {
    end(Closing::Broken);
    return;
  }
  if ((events & EPOLLOUT) != 0) {
    blocked_ = false;
    flush();
  }
  if ((events & EPOLLIN) != 0 && phase_ != Phase::Ended && phase_ != Phase::Responding) read();
}

void Connection::handshake() {
  const auto state = wire_.handshake();
  blocked_ = state == WireEnd::State::WantsWrite;
  if (state == WireEnd::State::Done) {
    ++share_.metrics.tls_handshakes;
    enter(Phase::Requesting);
  } else if (state == WireEnd::State::End || state == WireEnd::State::Broken) {
    end(Closing::TlsFailed);
    return;
  }
  updateInterest();
}

void Connection::read() {
  const auto room = share_.reactor.scratch();
  const auto [state, bytes] = wire_.read(room);
  if (state == WireEnd::State::Done) {
    share_.metrics.bytes_in += bytes;
    take({room.data(), bytes});
  } else if (state == WireEnd::State::End) {
    endOfStream();
  } else if (state == WireEnd::State::Broken) {
    end(Closing::Broken);
  } else if (state == WireEnd::State::WantsWrite) {
    blocked_ = true;
    updateInterest();
  }
}

void Connection::take(std::string_view bytes) {
  heard_ = share_.reactor.now();
  switch (phase_) {
    case Phase::Requesting:
      exchange_->head += bytes;
      takeRequest();
      break;
    case Phase::Open:
    case Phase::Closing:
      feed(bytes);
      break;
    case Phase::Lingering:
      dropped_ += bytes.size();
      if (dropped_ > kMostDropped) end(why_);
      break;
    default:
      break;
  }
}

void Connection::endOfStream() {
  end(phase_ == Phase::Requesting ? Closing::Client : Closing::Broken);
}

// --- Requests --------------------------------------------------------------------------------------------------------

void Connection::takeRequest() {
  const HeadLimits limits{static_cast<std::size_t>(share_.limits.head_bytes)};
  const auto length = headLength(exchange_->head);
  if (!length && exchange_->head.size() <= limits.bytes) return;
  auto parsed = length ? parseHead(std::string_view(exchange_->head).substr(0, *length), limits)
                       : HeadRefused{431, "the request's head is too large"};
  if (const auto* refused = std::get_if<HeadRefused>(&parsed)) {
    why_ = Closing::BadRequest;
    answer({plainText(refused->status, refused->why), {}, false}, nullptr);
    return;
  }
  const auto& head = std::get<RequestHead>(parsed);
  exchange_->head.erase(0, *length);
  auto reply = share_.host.requested(*this, head);
  if (const auto* upgrade = std::get_if<Upgrade>(&reply)) {
    open(*upgrade, head);
  } else if (phase_ != Phase::Ended) {
    why_ = Closing::Client;
    answer(std::move(std::get<Reply>(reply)), &head);
  }
}

void Connection::answer(Reply reply, const RequestHead* head) {
  const auto& response = reply.response;
  ++share_.metrics.requests[response.status];
  exchange_->keep_alive = reply.keep_alive && head != nullptr && head->keepsAlive() && !head->hasBody();
  out_.tail() += headOf(response, exchange_->keep_alive);
  if (head == nullptr || head->method != "HEAD") {
    out_.tail() += response.body;
    exchange_->file = std::move(reply.file);
    exchange_->file_left = response.file_size;
  }
  exchange_->answered = true;
  progress_ = share_.reactor.now();
  enter(Phase::Responding);
  updateInterest();
  flushSoon();
}

bool Connection::idle() const {
  return exchange_->answered && exchange_->head.empty();
}

bool Connection::refill() {
  if (phase_ != Phase::Responding || exchange_->file_left == 0) return false;
  const auto room = share_.reactor.scratch().first(kFilePiece);
  const auto got =
      ::read(exchange_->file.get(), room.data(), std::min<std::uint64_t>(room.size(), exchange_->file_left));
  // The file has become shorter than we said: only the end of the connection can tell.
  if (got <= 0) {
    end(Closing::Broken);
    return false;
  }
  exchange_->file_left -= static_cast<std::uint64_t>(got);
  out_.tail().append(room.data(), static_cast<std::size_t>(got));
  return true;
}

// --- Messages --------------------------------------------------------------------------------------------------------

void Connection::open(const Upgrade& upgrade, const RequestHead& head) {
  ++share_.metrics.requests[101];
  ++share_.metrics.websockets;
  ++share_.metrics.websockets_open;
  out_.tail() += switchingProtocols(acceptFor(upgrade.key));
  const std::string early = std::move(exchange_->head);
  exchange_.reset();
  in_left_ = true;
  opened_ = pinged_ = progress_ = share_.reactor.now();
  enter(Phase::Open);
  flushSoon();
  share_.host.opened(*this, head);
  if (!early.empty() && phase_ == Phase::Open) feed(early);
}

void Connection::feed(std::string_view bytes) {
  auto assembly = assembly_ ? std::move(assembly_) : share_.assemblies.take();
  if (!assembly->feed(bytes, *this)) return;
  if (assembly->atRest()) {
    message_since_.reset();
    share_.assemblies.give(std::move(assembly));
    return;
  }
  assembly_ = std::move(assembly);
  if (!message_since_) message_since_ = share_.reactor.now();
  reschedule();
}

bool Connection::onFrame() {
  const Rate rate = share_.limits.frames();
  if (rate.per_second <= 0 || frames_.take(rate, share_.reactor.now())) return true;
  fail(CloseCode::Flood, "too many frames", Closing::Flood);
  return false;
}

bool Connection::onText(std::string_view text) {
  message_since_.reset();
  if (phase_ == Phase::Open) {
    share_.host.received(*this, text);
  }
  return phase_ == Phase::Open || phase_ == Phase::Closing;
}

bool Connection::onPing(std::string_view payload) {
  if (phase_ == Phase::Open) append(Opcode::Pong, payload);
  return phase_ == Phase::Open || phase_ == Phase::Closing;
}

bool Connection::onPong() {
  return true;
}

void Connection::onClose(std::uint16_t code) {
  if (phase_ == Phase::Closing) {
    linger(why_);
    return;
  }
  // RFC 6455 5.5.1: its own code is said back.
  append(Opcode::Close, code == 0 ? std::string() : closePayload(code, ""));
  linger(Closing::Client);
}

void Connection::onViolation(CloseCode code, std::string_view why) {
  const Closing closing = code == CloseCode::TooBig        ? Closing::TooBig
                          : code == CloseCode::Unsupported ? Closing::Binary
                          : code == CloseCode::InvalidText ? Closing::BadText
                                                           : Closing::BadFrame;
  if (phase_ == Phase::Closing) {
    linger(why_);
  } else {
    fail(code, why, closing);
  }
}

// --- What is said ----------------------------------------------------------------------------------------------------

void Connection::send(std::string_view text) {
  if (phase_ != Phase::Open) return;
  append(Opcode::Text, text);
}

void Connection::append(Opcode opcode, std::string_view payload) {
  const auto limit = static_cast<std::size_t>(share_.limits.queue_bytes);
  const bool first = out_.empty();
  // One message alone always fits: it is bounded by itself.
  if (!first && opcode != Opcode::Close && out_.size() + frameSize(payload.size()) > limit) {
    fail(CloseCode::Slow, "too slow", Closing::QueueFull);
    return;
  }
  if (first) progress_ = share_.reactor.now();
  appendFrame(out_.tail(), opcode, payload);
  flushSoon();
}

void Connection::flushSoon() {
  if (!blocked_ && !std::exchange(flush_pending_, true)) share_.reactor.flushLater(*this);
}

void Connection::flush() {
  flush_pending_ = false;
  if (phase_ == Phase::Ended || blocked_) return;
  while (!out_.empty() || refill()) {
    const auto [state, bytes] = wire_.write(out_.waiting());
    if (state == WireEnd::State::Done) {
      share_.metrics.bytes_out += bytes;
      out_.consume(bytes);
      progress_ = share_.reactor.now();
    } else if (state == WireEnd::State::WantsWrite || state == WireEnd::State::WantsRead) {
      blocked_ = true;
      break;
    } else {
      end(Closing::Broken);
      return;
    }
  }
  if (phase_ == Phase::Ended) return;
  if (out_.empty()) flushed();
  if (phase_ == Phase::Ended) return;
  updateInterest();
  reschedule();
}

void Connection::flushed() {
  if (phase_ == Phase::Lingering) {
    wire_.finishWriting();
  } else if (phase_ == Phase::Responding) {
    if (!exchange_->keep_alive) {
      linger(why_);
      return;
    }
    enter(Phase::Requesting);
    updateInterest();
    // The next request may be here already.
    if (!exchange_->head.empty()) takeRequest();
  }
}

// --- The end ---------------------------------------------------------------------------------------------------------

void Connection::close(CloseCode code, std::string_view reason, Closing why) {
  if (phase_ == Phase::Open) {
    why_ = why;
    append(Opcode::Close, closePayload(static_cast<std::uint16_t>(code), reason));
    enter(Phase::Closing);
  } else if (phase_ == Phase::Handshaking || phase_ == Phase::Requesting) {
    end(why);
  }
}

void Connection::fail(CloseCode code, std::string_view reason, Closing why) {
  append(Opcode::Close, closePayload(static_cast<std::uint16_t>(code), reason));
  linger(why);
}

void Connection::linger(Closing why) {
  why_ = why;
  assembly_.reset();
  message_since_.reset();
  enter(Phase::Lingering);
  farewell();
  if (out_.empty()) {
    wire_.finishWriting();
    updateInterest();
  }
}

void Connection::farewell() {
  if (!std::exchange(in_left_, false)) return;
  --share_.metrics.websockets_open;
  share_.host.left(*this);
}

void Connection::end(Closing why) {
  if (phase_ == Phase::Ended) return;
  // Once goodbye is said, it does not matter how the client takes it.
  if (phase_ == Phase::Closing || phase_ == Phase::Lingering) why = why_;
  if (!out_.empty()) wire_.dropUnsent();
  phase_ = Phase::Ended;
  cancel();
  share_.reactor.unwatch(wire_.fd());
  ++share_.metrics.closedBy(why);
  farewell();
  share_.host.ended(*this, why);
}

// --- Deadlines -------------------------------------------------------------------------------------------------------

void Connection::enter(Phase phase) {
  phase_ = phase;
  since_ = share_.reactor.now();
  reschedule();
}

Instant Connection::nextDeadline() const {
  const auto& limits = share_.limits;
  const Instant stalled = out_.empty() ? Instant::max() : progress_ + limits.write_stall;
  switch (phase_) {
    case Phase::Handshaking:
      return since_ + limits.tls_handshake;
    case Phase::Requesting:
      return since_ + limits.head;
    case Phase::Responding:
      return progress_ + limits.write_stall;
    case Phase::Open: {
      Instant next = std::min({stalled, pinged_ + limits.ping, heard_ + limits.silence()});
      if (!logged_in_) next = std::min(next, opened_ + limits.login);
      if (message_since_) next = std::min(next, *message_since_ + limits.message);
      return next;
    }
    default:
      return std::min(stalled, since_ + kFarewell);
  }
}

void Connection::reschedule() {
  if (phase_ == Phase::Ended) return;
  const Instant next = nextDeadline();
  // A deadline that moved away is found out when the old one comes: that costs nothing each time a word is said.
  if (!scheduled() || next < due()) share_.reactor.schedule(*this, next);
}

void Connection::expired(Instant now) {
  const auto& limits = share_.limits;
  switch (phase_) {
    case Phase::Handshaking:
      if (now >= since_ + limits.tls_handshake) return end(Closing::TlsTimeout);
      break;
    case Phase::Requesting:
      if (now >= since_ + limits.head) return end(idle() ? Closing::Client : Closing::HeadTimeout);
      break;
    case Phase::Responding:
      if (now >= progress_ + limits.write_stall) return end(Closing::WriteStall);
      break;
    case Phase::Open:
      checkOpen(now);
      break;
    default:
      if (now >= nextDeadline()) return end(why_);
      break;
  }
  reschedule();
}

void Connection::checkOpen(Instant now) {
  const auto& limits = share_.limits;
  if (!out_.empty() && now >= progress_ + limits.write_stall) return end(Closing::WriteStall);
  // Nobody is there to answer a close frame.
  if (now >= heard_ + limits.silence()) return end(Closing::Silent);
  if (!logged_in_ && now >= opened_ + limits.login) {
    return close(CloseCode::NoLogin, "no login in time", Closing::LoginTimeout);
  }
  if (message_since_ && now >= *message_since_ + limits.message) {
    return fail(CloseCode::Policy, "the message did not end in time", Closing::MessageTimeout);
  }
  if (now >= pinged_ + limits.ping) {
    pinged_ = now;
    ++share_.metrics.pings;
    append(Opcode::Ping, "");
  }
}

void Connection::updateInterest() {
  std::uint32_t wanted = 0;
  if (phase_ != Phase::Responding) wanted |= EPOLLIN;
  if (blocked_) wanted |= EPOLLOUT;
  if (wanted == interest_) return;
  interest_ = wanted;
  share_.reactor.change(wire_.fd(), *this, wanted);
}

}  // namespace rtc::signaling
