// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Waiting for something to become true, instead of sleeping for as long as it may take.
#pragma once

#include <glib.h>

#include <functional>

#include "base/clock.hpp"

namespace rtc::testing {

/// Long enough for a loaded machine under a sanitizer; a test that passes never waits for it.
inline constexpr Duration kPatience{20'000};

/// Iterates the context (null: the thread's default one) until the predicate holds, and says whether it came to that
/// before the deadline. Whatever may change the predicate: a source of the context, another thread, another process.
bool waitFor(const std::function<bool()>& predicate, Duration deadline = kPatience, GMainContext* context = nullptr);

}  // namespace rtc::testing
