// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "plugins/core/file/bytes.hpp"

namespace rtc {

/// With the processor's own instructions, where it has them.
core::file::Hash sha256(core::file::View bytes);

}  // namespace rtc
