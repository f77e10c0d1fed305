// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Tokens that say in plain words what they prove: `of alice`, `of alice in support,sales may call for 90`.
#pragma once

#include <sstream>
#include <string>

#include "signaling/server/identity.hpp"

namespace rtc::testing {

class WordOfMouth final : public signaling::Authenticator {
 public:
  Result<signaling::Identity> identify(const std::string& token) const override {
    std::istringstream words(token);
    signaling::Identity identity;
    for (std::string word, value; words >> word >> value;) {
      if (word == "of") identity.user = value;
      if (word == "called") identity.display = value;
      if (word == "in") identity.groups = parts(value);
      if (word == "for") identity.valid_for = std::chrono::seconds(std::stoi(value));
      if (word == "may") identity.may = permissions(value);
    }
    if (identity.user.empty()) return Error{"the token proves nothing"};
    return identity;
  }

 private:
  static std::vector<std::string> parts(const std::string& list) {
    std::vector<std::string> all;
    std::istringstream stream(list);
    for (std::string part; std::getline(stream, part, ',');) all.push_back(part);
    return all;
  }
  static signaling::Permissions permissions(const std::string& list) {
    signaling::Permissions may{false, false, false};
    for (const auto& part : parts(list)) {
      may.call = may.call || part == "call";
      may.list = may.list || part == "list";
      may.watch = may.watch || part == "watch";
    }
    return may;
  }
};

}  // namespace rtc::testing
