// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/json_outline.hpp"

#include "signaling/protocol/limits.hpp"
#include "signaling/protocol/utf8_check.hpp"

namespace rtc::signaling {

namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

int hexValue(char c) {
  if (isDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A member's name is compared with ours, which are ASCII: other escapes may stay as they are.
std::string withoutAsciiEscapes(std::string_view raw) {
  std::string name;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool escape = raw[i] == '\\';
    if (escape && raw.substr(i).starts_with("\\u00") && hexValue(raw[i + 4]) < 8) {
      name += static_cast<char>(hexValue(raw[i + 4]) * 16 + hexValue(raw[i + 5]));
      i += 5;
      continue;
    }
    name += raw[i];
    // What is escaped begins no escape, a backslash least of all. JSON does not end within one.
    if (escape) name += raw[++i];
  }
  return name;
}

/// A recursive descent that only moves a position; `depth_` bounds the recursion.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Result<JsonOutline> scan() {
    skipSpace();
    const bool whole = value() && (skipSpace(), position_ == text_.size());
    if (too_deep_) return Error{"nested deeper than " + std::to_string(kMaxDepth) + " levels"};
    if (!whole) return Error{"not JSON at byte " + std::to_string(position_)};
    Utf8Check utf8;
    if (!utf8.feed(text_) || !utf8.complete()) return Error{"not UTF-8"};
    return std::move(outline_);
  }

 private:
  bool at(char c) const { return position_ < text_.size() && text_[position_] == c; }
  bool take(char c) {
    if (!at(c)) return false;
    ++position_;
    return true;
  }
  bool take(std::string_view word) {
    if (!text_.substr(position_).starts_with(word)) return false;
    position_ += word.size();
    return true;
  }
  void skipSpace() {
    while (at(' ') || at('\t') || at('\n') || at('\r')) ++position_;
  }

  bool value() {
    if (at('{')) return nested(&Scanner::object);
    if (at('[')) return nested(&Scanner::array);
    if (at('"')) return string();
    return take("true") || take("false") || take("null") || number();
  }

  bool nested(bool (Scanner::*container)()) {
    if (depth_ == kMaxDepth) {
      too_deep_ = true;
      return false;
    }
    ++depth_;
    const bool ok = (this->*container)();
    --depth_;
    return ok;
  }

  bool object() {
    take('{');
    skipSpace();
    if (take('}')) return true;
    do {
      skipSpace();
      if (!member()) return false;
      skipSpace();
    } while (take(','));
    return take('}');
  }

  bool member() {
    const auto name_begin = position_;
    if (!string()) return false;
    const auto name = text_.substr(name_begin + 1, position_ - name_begin - 2);
    skipSpace();
    if (!take(':')) return false;
    skipSpace();
    const auto value_begin = position_;
    if (!value()) return false;
    if (depth_ == 1) {
      outline_.members.emplace_back(withoutAsciiEscapes(name), text_.substr(value_begin, position_ - value_begin));
    }
    return true;
  }

  bool array() {
    take('[');
    skipSpace();
    if (take(']')) return true;
    // Members of an object inside a top-level array are not top-level members, which the depth tells.
    do {
      skipSpace();
      const auto begin = position_;
      if (!value()) return false;
      if (depth_ == 1) outline_.elements.push_back(text_.substr(begin, position_ - begin));
      skipSpace();
    } while (take(','));
    return take(']');
  }

  bool string() {
    if (!take('"')) return false;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\') {
        if (!escape()) return false;
        continue;
      }
      ++position_;
      if (c == '"') return true;
    }
    return false;
  }

  bool escape() {
    take('\\');
    if (position_ == text_.size()) return false;
    if (!at('u')) return std::string_view("\"\\/bfnrt").find(text_[position_++]) != std::string_view::npos;
    take('u');
    for (int i = 0; i < 4; ++i, ++position_) {
      if (position_ == text_.size() || hexValue(text_[position_]) < 0) return false;
    }
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  bool digits() {
    const auto begin = position_;
    while (position_ < text_.size() && isDigit(text_[position_])) ++position_;
    return position_ > begin;
  }

  std::string_view text_;
  std::size_t position_ = 0;
  std::size_t depth_ = 0;
  bool too_deep_ = false;
  JsonOutline outline_;
};

}  // namespace

std::string_view JsonOutline::find(std::string_view name) const {
  for (auto member = members.rbegin(); member != members.rend(); ++member) {
    if (member->first == name) return member->second;
  }
  return {};
}

Result<JsonOutline> outlineOf(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace rtc::signaling
