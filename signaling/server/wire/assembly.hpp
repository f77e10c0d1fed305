// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A client's bytes to messages, by RFC 6455: wslay reads the frames, and here is what holds between them. A connection
// needs an assembly only while it is within a frame or a message, so that one serves thousands of idle connections.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "signaling/protocol/utf8_check.hpp"
#include "signaling/server/outgoing.hpp"
#include "signaling/server/wire/frame.hpp"

struct wslay_frame_context;
struct wslay_frame_iocb;

namespace rtc::signaling {

/// What the bytes amount to. What returns a bool says whether to go on.
class MessageSink {
 public:
  /// A frame begins, of whatever kind.
  virtual bool onFrame() = 0;
  /// Valid UTF-8. Points into a buffer that is used again.
  virtual bool onText(std::string_view text) = 0;
  virtual bool onPing(std::string_view payload) = 0;
  virtual bool onPong() = 0;
  /// The client's farewell; 0 if it gives no code. Nothing comes after it.
  virtual void onClose(std::uint16_t code) = 0;
  /// The client broke a rule, and the connection must fail with this code. Nothing comes after it.
  virtual void onViolation(CloseCode code, std::string_view why) = 0;

 protected:
  ~MessageSink() = default;
};

class Assembly {
 public:
  explicit Assembly(std::size_t max_message);
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;
  ~Assembly();

  /// False: the sink has had enough, or the connection must end. The assembly is then of no use any more.
  bool feed(std::string_view bytes, MessageSink& sink);
  /// Between two messages: it may serve another connection.
  bool atRest() const;

 private:
  static long onRead(unsigned char* to, std::size_t room, int flags, void* self) noexcept;

  bool begin(const wslay_frame_iocb& frame, MessageSink& sink);
  bool beginData(Opcode opcode, std::uint64_t size, MessageSink& sink);
  bool take(std::string_view piece, MessageSink& sink);
  bool finish(MessageSink& sink);
  bool finishControl(MessageSink& sink);
  bool finishMessage(std::string_view text, MessageSink& sink);
  static bool fail(MessageSink& sink, CloseCode code, std::string_view why);

  wslay_frame_context* frames_ = nullptr;
  std::size_t max_message_;
  std::string_view unread_;      ///< of what was fed
  std::uint64_t read_ = 0;       ///< bytes that went to wslay
  std::uint64_t accounted_ = 0;  ///< bytes of the frames that came out of it

  bool in_frame_ = false;
  Opcode opcode_ = Opcode::Text;  ///< of the frame
  bool final_ = true;
  std::uint64_t left_ = 0;  ///< of the frame's payload
  std::string control_;

  bool in_message_ = false;
  std::string message_;
  Utf8Check utf8_;
};

}  // namespace rtc::signaling
