// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The file of `--config`: sections and keys as the option table has them.
#pragma once

#include <string>

#include "base/result.hpp"
#include "signaling/server/options.hpp"

namespace rtc::signaling {

/// Reads the file over what `options` holds. A key or section that is not in the table is an error: it is a misspelt
/// one.
Result<Done> readConfig(const std::string& path, Options& options);

/// A file with every key, its meaning and its default, each key commented out.
std::string sampleConfig();

}  // namespace rtc::signaling
