// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A strict look at JSON text: is it JSON (RFC 8259) in UTF-8, is it not too deep, and where in the text is the value of
// each top-level member. The text of a value is relayed as it came, so that numbers keep their digits and objects their
// unknown fields; what we read ourselves, `JsonFields` reads from here.
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
  /// The elements of a top-level array; none if the text is none.
  std::vector<std::string_view> elements;

  /// The text of a member's value; empty if there is none. Of several with one name the last counts, as in JavaScript.
  std::string_view find(std::string_view name) const;
};

/// The outline points into `text`.
Result<JsonOutline> outlineOf(std::string_view text);

}  // namespace rtc::signaling
