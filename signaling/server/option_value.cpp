// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Values of options as text, and back.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "signaling/server/option_table.hpp"

namespace rtc::signaling {

namespace {

constexpr double kMilliseconds = 1000;

std::optional<int> wholeNumber(const std::string& text) {
  int number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::optional<double> realNumber(const std::string& text) {
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::string shownNumber(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

struct Setter {
  Options& options;
  const std::string& text;

  bool operator()(const option::Text& row) const {
    row.in(options) = text;
    return true;
  }
  bool operator()(const option::Number& row) const {
    const auto number = wholeNumber(text);
    if (!number || *number < row.least || *number > row.most) return false;
    row.in(options) = *number;
    return true;
  }
  bool operator()(const option::Real& row) const {
    const auto number = realNumber(text);
    if (!number || *number < row.least || *number > row.most) return false;
    row.in(options) = *number;
    return true;
  }
  bool operator()(const option::Seconds& row) const {
    const auto seconds = realNumber(text);
    if (!seconds || *seconds < row.least || *seconds > row.most) return false;
    row.in(options) = Duration(std::llround(*seconds * kMilliseconds));
    return true;
  }
  bool operator()(const option::WholeSeconds& row) const {
    const auto seconds = wholeNumber(text);
    if (!seconds || *seconds < row.least || *seconds > row.most) return false;
    row.in(options) = std::chrono::seconds(*seconds);
    return true;
  }
  bool operator()(const option::Switch& row) const {
    if (text != "true" && text != "false") return false;
    row.in(options) = text == "true";
    return true;
  }
  bool operator()(const option::List& row) const {
    row.in(options).push_back(text);
    return true;
  }
};

struct Shown {
  Options& options;

  std::string operator()(const option::Text& row) const { return row.in(options); }
  std::string operator()(const option::Number& row) const { return std::to_string(row.in(options)); }
  std::string operator()(const option::Real& row) const { return shownNumber(row.in(options)); }
  std::string operator()(const option::Seconds& row) const { return inSeconds(row.in(options)); }
  std::string operator()(const option::WholeSeconds& row) const { return inSeconds(row.in(options)); }
  std::string operator()(const option::Switch& row) const { return row.in(options) ? "true" : "false"; }
  std::string operator()(const option::List& row) const {
    std::string text;
    for (const auto& element : row.in(options)) text += (text.empty() ? "" : ";") + element;
    return text;
  }

  static std::string inSeconds(Duration duration) {
    return shownNumber(static_cast<double>(duration.count()) / kMilliseconds);
  }
};

struct Range {
  std::string operator()(const option::Text&) const { return ""; }
  std::string operator()(const option::Number& row) const {
    return "a whole number from " + std::to_string(row.least) + " to " + std::to_string(row.most);
  }
  std::string operator()(const option::Real& row) const {
    return "a number from " + shownNumber(row.least) + " to " + shownNumber(row.most);
  }
  std::string operator()(const option::Seconds& row) const {
    return "a number of seconds from " + shownNumber(row.least) + " to " + shownNumber(row.most);
  }
  std::string operator()(const option::WholeSeconds& row) const {
    return "a whole number of seconds from " + std::to_string(row.least) + " to " + std::to_string(row.most);
  }
  std::string operator()(const option::Switch&) const { return "true or false"; }
  std::string operator()(const option::List&) const { return ""; }
};

}  // namespace

Result<Done> setOption(const OptionRow& row, Options& options, const std::string& value) {
  if (const auto* list = std::get_if<option::List>(&row.target)) {
    if (list->check != nullptr) {
      if (const auto wrong = list->check(value)) return *wrong;
    }
  }
  if (std::visit(Setter{options, value}, row.target)) return Done{};
  return Error{"--" + std::string(row.name) + ": " + shownRange(row) + ", not “" + value + "”"};
}

void clearOption(const OptionRow& row, Options& options) {
  if (const auto* list = std::get_if<option::List>(&row.target)) list->in(options).clear();
}

std::string shownOption(const OptionRow& row, Options options) {
  return std::visit(Shown{options}, row.target);
}

std::string shownRange(const OptionRow& row) {
  return std::visit(Range{}, row.target);
}

}  // namespace rtc::signaling
