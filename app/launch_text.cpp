// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/launch_text.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <vector>

namespace rtc::app {

namespace {

// By hand and not by <cctype>, whose answers depend on the locale.
bool isAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}
bool isSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool isControl(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
bool isNameCharacter(char c) {
  return isAlnum(c) || c == '-' || c == '_';
}
/// Means nothing to gst-launch, wherever it stands.
bool isPlain(char c) {
  return isNameCharacter(c) || c == '.' || c == '/' || c == ':' || c == '@' || c == '+';
}
bool isPlain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return isPlain(c); });
}

/// A property of type string takes a text that begins with a quotation mark for a quoted one. And in gst-launch's
/// syntax a backslash before the end of a word or of a quotation may also be read as one that carries on, so none may
/// stand there.
bool needsQuoting(std::string_view value) {
  return value.starts_with('"') || value.find('\\') != std::string_view::npos;
}

/// As GStreamer writes a string value: in quotation marks, with what is no letter or digit as octal numbers.
std::string quotedString(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    char octal[5];
    std::snprintf(octal, sizeof octal, "\\%03o", static_cast<unsigned>(static_cast<unsigned char>(c)));
    quoted += isAlnum(c) ? std::string(1, c) : octal;
  }
  return quoted + "\"";
}

std::vector<std::string_view> linesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Where the comment begins: at a `#` that begins a word outside of quotation marks.
std::size_t commentIn(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#' && (i == 0 || isSpace(line[i - 1]))) {
      return i;
    }
  }
  return line.size();
}

struct Placeholder {
  std::string name;
  std::optional<std::string> fallback;
  std::size_t size = 0;  // in the text, with its braces
};

/// The placeholder that begins the text; nothing where none does.
Result<std::optional<Placeholder>> placeholderAt(std::string_view text) {
  if (!text.starts_with("${")) return std::optional<Placeholder>();
  const auto end = text.find('}');
  if (end == std::string_view::npos) return Error{"A “${” has no “}” on its line."};
  const auto inside = text.substr(2, end - 2);
  const auto separator = inside.find(":-");
  Placeholder placeholder;
  placeholder.name = inside.substr(0, separator);
  placeholder.size = end + 1;
  if (separator != std::string_view::npos) placeholder.fallback = inside.substr(separator + 2);
  const auto& name = placeholder.name;
  if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) { return isNameCharacter(c); })) {
    return Error{"“${" + std::string(inside) + "}” is no parameter: its name may hold letters, digits, - and _."};
  }
  return std::optional<Placeholder>(std::move(placeholder));
}

/// Whether the word so far is `property=` and perhaps a part of its value: only there does an escape mean what it
/// should.
bool isPropertyValue(std::string_view word) {
  const auto equals = word.find('=');
  if (equals == 0 || equals == std::string_view::npos) return false;
  const auto property = word.substr(0, equals);
  if (!std::all_of(property.begin(), property.end(), [](char c) { return isNameCharacter(c) || c == ':'; }))
    return false;
  return word.find_first_of("\"'") == std::string_view::npos;
}

Result<std::string> valueFor(const Placeholder& placeholder, const std::string& value, std::string_view word_so_far,
                             std::string_view rest) {
  if (isPlain(value)) return value;
  const bool is_whole = word_so_far.ends_with('=') && (rest.empty() || isSpace(rest.front()));
  if (!isPropertyValue(word_so_far) || (needsQuoting(value) && !is_whole)) {
    return Error{"“" + value + "” cannot stand for ${" + placeholder.name +
                 "} here: in this place it may hold only letters, digits and . / : @ + - _"};
  }
  return launchValue(value);
}

/// One line with its parameters filled in; nothing for a line that is left out.
Result<std::optional<std::string>> fillLine(std::string_view line, const Parameters& parameters) {
  std::string filled;
  std::size_t word = 0;  // where the present word begins in the line
  for (std::size_t i = 0; i < line.size();) {
    auto found = placeholderAt(line.substr(i));
    if (!found) return found.error();
    if (!found.value()) {
      if (isSpace(line[i])) word = i + 1;
      filled += line[i++];
      continue;
    }
    const auto& placeholder = *found.value();
    const auto given = parameters.find(placeholder.name);
    if (given != parameters.end() && given->second.kind == Parameter::Kind::Absent) return std::optional<std::string>();
    if (given != parameters.end() && given->second.kind == Parameter::Kind::Fragment) {
      filled += given->second.text;
    } else if (given != parameters.end()) {
      auto value =
          valueFor(placeholder, given->second.text, line.substr(word, i - word), line.substr(i + placeholder.size));
      if (!value) return value.error();
      filled += value.value();
    } else if (placeholder.fallback) {
      filled += *placeholder.fallback;
    } else {
      return Error{"The pipeline needs a value for “" + placeholder.name + "”. Give it as " + placeholder.name +
                   "=VALUE."};
    }
    i += placeholder.size;
  }
  return std::optional<std::string>(std::move(filled));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<std::string> launchValue(std::string_view value) {
  if (std::any_of(value.begin(), value.end(), [](char c) { return isControl(c); })) {
    return Error{"A value may not hold line ends or other control characters."};
  }
  if (value.empty()) return std::string("\"\"");
  const std::string text = needsQuoting(value) ? quotedString(value) : std::string(value);
  // Escapes and no quotation marks: in gst-launch's syntax a mark in a quoted text can end at a later one.
  std::string escaped;
  for (const char c : text) {
    if (!isPlain(c) && static_cast<unsigned char>(c) < 0x80) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

Result<std::string> fillIn(std::string_view launch_text, const Parameters& parameters) {
  std::string pipeline;
  for (const auto line : linesOf(launch_text)) {
    // Trimmed before it is filled in: a value may end with an escaped space.
    auto filled = fillLine(trimmed(line.substr(0, commentIn(line))), parameters);
    if (!filled) return filled.error();
    if (!filled.value() || filled.value()->empty()) continue;
    if (!pipeline.empty()) pipeline += ' ';
    pipeline += *filled.value();
  }
  return pipeline;
}

std::set<std::string> parameterNames(std::string_view launch_text) {
  std::set<std::string> names;
  for (const auto line : linesOf(launch_text)) {
    const auto code = line.substr(0, commentIn(line));
    for (std::size_t i = 0; i < code.size(); ++i) {
      const auto found = placeholderAt(code.substr(i));
      if (found && found.value()) names.insert(found.value()->name);
    }
  }
  return names;
}

std::string summary(std::string_view launch_text) {
  for (const auto line : linesOf(launch_text)) {
    auto comment = trimmed(line);
    if (!comment.starts_with('#') || comment.starts_with("# SPDX")) continue;
    while (comment.starts_with('#')) comment.remove_prefix(1);
    comment = trimmed(comment);
    if (!comment.empty()) return std::string(comment);
  }
  return "";
}

}  // namespace rtc::app
