// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Lends assemblies to the connections that are within a message.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "signaling/server/wire/assembly.hpp"

namespace rtc::signaling {

class AssemblyPool {
 public:
  explicit AssemblyPool(std::size_t max_message) : max_message_(max_message) {}

  std::unique_ptr<Assembly> take() {
    if (idle_.empty()) return std::make_unique<Assembly>(max_message_);
    auto assembly = std::move(idle_.back());
    idle_.pop_back();
    return assembly;
  }

  /// Only one that is at rest.
  void give(std::unique_ptr<Assembly> assembly) {
    if (idle_.size() < kMostIdle) idle_.push_back(std::move(assembly));
  }

 private:
  static constexpr std::size_t kMostIdle = 16;

  std::size_t max_message_;
  std::vector<std::unique_ptr<Assembly>> idle_;
};

}  // namespace rtc::signaling
