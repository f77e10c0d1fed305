// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/wire/assembly.hpp"

#include <wslay/wslay.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace rtc::signaling {

namespace {

bool isControl(Opcode opcode) {
  return (static_cast<std::uint8_t>(opcode) & 8) != 0;
}

std::uint64_t headerSize(const wslay_frame_iocb& frame) {
  const std::uint64_t length = frame.payload_length < 126 ? 0 : frame.payload_length <= 0xffff ? 2 : 8;
  return 2 + length + (frame.mask != 0 ? 4 : 0);
}

/// RFC 6455 7.4: what may stand in a close frame.
bool validCloseCode(std::uint16_t code) {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

}  // namespace

Assembly::Assembly(std::size_t max_message) : max_message_(max_message) {
  const wslay_frame_callbacks callbacks = {nullptr, &Assembly::onRead, nullptr};
  // As for any other allocation, there is nothing to be done without memory.
  if (wslay_frame_context_init(&frames_, &callbacks, this) != 0) std::abort();
}

Assembly::~Assembly() {
  wslay_frame_context_free(frames_);
}

long Assembly::onRead(unsigned char* to, std::size_t room, int, void* self) noexcept {
  auto& assembly = *static_cast<Assembly*>(self);
  const std::size_t size = std::min(room, assembly.unread_.size());
  if (size == 0) return -1;
  std::memcpy(to, assembly.unread_.data(), size);
  assembly.unread_.remove_prefix(size);
  assembly.read_ += size;
  return static_cast<long>(size);
}

bool Assembly::atRest() const {
  return read_ == accounted_ && !in_frame_ && !in_message_;
}

bool Assembly::feed(std::string_view bytes, MessageSink& sink) {
  unread_ = bytes;
  while (true) {
    wslay_frame_iocb frame{};
    const auto size = wslay_frame_recv(frames_, &frame);
    if (size == WSLAY_ERR_WANT_READ) {
      // wslay also says so when it took only a part of what there is.
      if (unread_.empty()) return true;
    } else if (size < 0) {
      return fail(sink, CloseCode::Protocol, "malformed frame");
    } else if (!in_frame_ && !begin(frame, sink)) {
      return false;
    } else if (!take({reinterpret_cast<const char*>(frame.data), frame.data_length}, sink)) {
      return false;
    }
  }
}

bool Assembly::begin(const wslay_frame_iocb& frame, MessageSink& sink) {
  // RFC 6455 5.1 and 5.2. No extension was agreed on that would give the reserved bits a meaning.
  if (frame.mask == 0) return fail(sink, CloseCode::Protocol, "a frame without a mask");
  if (frame.rsv != 0) return fail(sink, CloseCode::Protocol, "a reserved bit is set");
  if (!sink.onFrame()) return false;
  in_frame_ = true;
  opcode_ = static_cast<Opcode>(frame.opcode);
  final_ = frame.fin != 0;
  left_ = frame.payload_length;
  accounted_ += headerSize(frame);
  switch (opcode_) {
    case Opcode::Close:
    case Opcode::Ping:
    case Opcode::Pong:
      return true;  // wslay has seen that they are short and whole (5.5)
    case Opcode::Continuation:
    case Opcode::Text:
      return beginData(opcode_, frame.payload_length, sink);
    case Opcode::Binary:
      return fail(sink, CloseCode::Unsupported, "text only");
    default:
      return fail(sink, CloseCode::Protocol, "an unknown kind of frame");
  }
}

bool Assembly::beginData(Opcode opcode, std::uint64_t size, MessageSink& sink) {
  // RFC 6455 5.4: the fragments of a message come one after the other, with nothing but control frames between them.
  if ((opcode == Opcode::Continuation) != in_message_) {
    return fail(sink, CloseCode::Protocol, in_message_ ? "a message within a message" : "nothing to continue");
  }
  if (size > max_message_ - message_.size()) return fail(sink, CloseCode::TooBig, "too large");
  in_message_ = true;
  return true;
}

bool Assembly::take(std::string_view piece, MessageSink& sink) {
  accounted_ += piece.size();
  left_ -= piece.size();
  if (isControl(opcode_)) {
    control_ += piece;
    return left_ > 0 || finishControl(sink);
  }
  if (!utf8_.feed(piece)) return fail(sink, CloseCode::InvalidText, "not UTF-8");
  // A message of one frame that lies in the buffer is never copied.
  if (left_ == 0 && final_ && message_.empty()) return finishMessage(piece, sink);
  message_ += piece;
  return left_ > 0 || finish(sink);
}

bool Assembly::finish(MessageSink& sink) {
  in_frame_ = false;
  return !final_ || finishMessage(message_, sink);
}

bool Assembly::finishMessage(std::string_view text, MessageSink& sink) {
  in_frame_ = false;
  in_message_ = false;
  if (!utf8_.complete()) return fail(sink, CloseCode::InvalidText, "not UTF-8");
  const bool go_on = sink.onText(text);
  // What one large message took does not stay.
  message_ = {};
  return go_on;
}

bool Assembly::finishControl(MessageSink& sink) {
  in_frame_ = false;
  const std::string payload = std::move(control_);
  control_.clear();
  if (opcode_ == Opcode::Ping) return sink.onPing(payload);
  if (opcode_ == Opcode::Pong) return sink.onPong();
  // RFC 6455 5.5.1
  if (payload.empty()) {
    sink.onClose(0);
    return false;
  }
  if (payload.size() == 1) return fail(sink, CloseCode::Protocol, "half a close code");
  const auto high = static_cast<std::uint8_t>(payload[0]);
  const auto low = static_cast<std::uint8_t>(payload[1]);
  const auto code = static_cast<std::uint16_t>(high << 8 | low);
  if (!validCloseCode(code)) return fail(sink, CloseCode::Protocol, "no close code");
  Utf8Check reason;
  if (!reason.feed(std::string_view(payload).substr(2)) || !reason.complete()) {
    return fail(sink, CloseCode::InvalidText, "not UTF-8");
  }
  sink.onClose(code);
  return false;
}

bool Assembly::fail(MessageSink& sink, CloseCode code, std::string_view why) {
  sink.onViolation(code, why);
  return false;
}

}  // namespace rtc::signaling
