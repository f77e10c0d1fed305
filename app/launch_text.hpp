// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Launch files: gst-launch syntax with `${name}` and `${name:-default}` parameters and `#` comments. What a user gives
// as a value stays one value: whatever is in it, it cannot become an element, a link or another property. Pure.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace rtc::app {

/// What stands for a `${name}`.
struct Parameter {
  enum class Kind {
    Value,     ///< a value of a property, from anywhere: quoted as needed
    Fragment,  ///< a piece of pipeline that the program itself made: taken as it is
    Absent,    ///< not wanted: the line that it is in is left out
  };
  Kind kind = Kind::Value;
  std::string text;
};

using Parameters = std::map<std::string, Parameter>;

/// A value in gst-launch syntax, for use behind `property=`. Fails for control characters, which the syntax cannot
/// hold.
Result<std::string> launchValue(std::string_view value);

/// The pipeline that the text describes: without comments, with each parameter filled in, on one line. Fails for a
/// parameter that has neither value nor default, and for a value that is not plain where only a plain one is safe.
Result<std::string> fillIn(std::string_view launch_text, const Parameters& parameters);

/// The names of the parameters in it.
std::set<std::string> parameterNames(std::string_view launch_text);

/// Its first comment line: what it is for.
std::string summary(std::string_view launch_text);

}  // namespace rtc::app
