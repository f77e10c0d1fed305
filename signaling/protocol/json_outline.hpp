// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A strict look at JSON text before a parser sees it: is it JSON (RFC 8259), is it not too deep, and where in the text
// is the value of each top-level member. The text of a value is relayed as it came, so that numbers keep their digits
// and objects their unknown fields, whatever the parser makes of them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace rtc::signaling {

struct JsonOutline {
  /// The top-level members in their order, each with its value's text; empty if the text is not an object.
  std::vector<std::pair<std::string, std::string_view>> members;
  /// The same text with each `\u0000` and each lone surrogate as `\ufffd`: no parser that keeps C strings or UTF-8 can
  /// hold those. And with each whole number that may be beyond 64 bits as a fraction, which json-glib takes for what it
  /// is: a rounded number, and not -1.
  std::string parseable;

  /// The text of a member's value; empty if there is none. Of several with one name the last counts, as in JavaScript.
  std::string_view find(std::string_view name) const;
};

/// The outline points into `text`.
Result<JsonOutline> outlineOf(std::string_view text);

}  // namespace rtc::signaling
