// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What one encoder aims at whose frames go to several peers.
#pragma once

#include <optional>
#include <vector>

namespace rtc::core {

/// What a peer's path has room for, in bit/s: nothing while it has shown no limit, 0 while it bears no picture.
using Allowance = std::optional<unsigned>;

/// The most that half of the peers, or more, have room for; `most` if their paths show no limit, 0 if none bears a
/// picture. So one that is slower than most costs the others nothing (it is thinned: `frame_budget.hpp`), and one that
/// is faster than most costs them no picture either. A peer whose path bears none does not count.
unsigned sharedTarget(const std::vector<Allowance>& allowances, unsigned most);

}  // namespace rtc::core
