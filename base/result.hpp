// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The value of an operation that can fail for a reason outside the program: the network, a peer, a file, a user.
// Broken invariants assert instead.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace rtc {

/// Why an operation failed: a sentence for a person, and what to do next where that is known.
struct Error {
  std::string message;
};

/// Either a T or an E. Ask `ok()` before `value()`; asking for the absent one is a bug and aborts.
template <typename T, typename E = Error>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  const T& value() const& { return *std::get_if<0>(&state_); }
  T& value() & { return *std::get_if<0>(&state_); }
  T&& value() && { return std::move(*std::get_if<0>(&state_)); }
  const E& error() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, E> state_;
};

/// The value of an operation that gives nothing back when it succeeds.
struct Done {};

}  // namespace rtc
