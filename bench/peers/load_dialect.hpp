// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What the load generator says to each kind of signaling server, so that one generator measures them all with messages
// that do the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace rtc::bench {

/// A time in the text of a message: 16 hexadecimal digits behind this mark.
inline constexpr std::string_view kMark = "@@";

class Dialect {
 public:
  virtual ~Dialect() = default;
  /// Of the request that opens the socket.
  virtual std::string path(const std::string& /*user*/) const { return "/"; }
  /// Said once the socket is open; empty: nothing.
  virtual std::string login(const std::string& /*user*/) const { return ""; }
  virtual bool saysLoggedIn(std::string_view text) const = 0;
  /// A message that reaches `to` with `content` in it.
  virtual std::string relay(const std::string& from, const std::string& to, const std::string& content) const = 0;

  // What two users say until they are in a call in which messages are relayed. Where there are no calls, nothing.
  virtual std::string call(const std::string& /*id*/, const std::string& /*to*/) const { return ""; }
  virtual std::string accept(const std::string& /*id*/) const { return ""; }
  virtual bool saysCalled(std::string_view) const { return false; }
  virtual bool saysAccepted(std::string_view) const { return false; }
  /// Ends it.
  virtual std::string leave(const std::string& /*id*/, const std::string& /*to*/) const { return ""; }
  /// The descriptions of a call's beginning.
  virtual std::string offer(const std::string& id, const std::string& to) const = 0;
  virtual std::string answer(const std::string& id, const std::string& to) const = 0;
  virtual bool saysOffer(std::string_view text) const = 0;
  virtual bool saysAnswer(std::string_view text) const = 0;
};

/// `full` and `book`: rtc-signald in its two dialects, the latter the book's server as well; `peerjs`; `echo`: whatever
/// sends back what it hears. Null: no such dialect.
std::unique_ptr<Dialect> makeDialect(std::string_view name);

}  // namespace rtc::bench
