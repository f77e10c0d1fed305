// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The one list of options. The flags with their help, the keys of the file, the sample file and the table in
// `docs/operating.md` all come from it, or are held against it by a test.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "signaling/server/options.hpp"

namespace rtc::signaling {

/// Where a value goes, and which values are good.
namespace option {
struct Text {
  std::string& (*in)(Options&);
};
struct Number {
  int& (*in)(Options&);
  int least;
  int most;
};
struct Real {
  double& (*in)(Options&);
  double least;
  double most;
};
/// Given in seconds, with or without a fraction.
struct Seconds {
  Duration& (*in)(Options&);
  double least;
  double most;
};
/// Given in whole seconds.
struct WholeSeconds {
  Duration& (*in)(Options&);
  int least;
  int most;
};
/// A flag without a value; `true` or `false` in the file.
struct Switch {
  bool& (*in)(Options&);
};
/// A flag that may be repeated; in the file the elements are divided by `;`. `check`, if there is
/// one, says what is wrong with one.
struct List {
  std::vector<std::string>& (*in)(Options&);
  std::optional<Error> (*check)(const std::string&);
};
}  // namespace option

struct OptionRow {
  const char* section;  ///< of the file
  const char* name;     ///< of the flag and of the key
  const char* value;    ///< what the help shows in the value's place; a switch has none
  const char* meaning;  ///< half a sentence
  std::variant<option::Text, option::Number, option::Real, option::Seconds, option::WholeSeconds, option::Switch,
               option::List>
      target;
};

const std::vector<OptionRow>& optionTable();
const OptionRow* findOption(const std::string& name);

/// Takes a value in. The error names the option and what it may be, but never repeats what may be a secret.
Result<Done> setOption(const OptionRow& row, Options& options, const std::string& value);
/// Empties a list, so that a flag replaces what the file says. The others are replaced anyway.
void clearOption(const OptionRow& row, Options& options);
/// The value as it would be written; empty if there is none.
std::string shownOption(const OptionRow& row, Options options);
/// Which values are good, for a person: `1 to 3600`; empty where any text is.
std::string shownRange(const OptionRow& row);

}  // namespace rtc::signaling
