// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How the files of a page are answered for: types, caching, and what a browser must not do with them.
#pragma once

#include <string>
#include <string_view>

#include "signaling/server/connection.hpp"

namespace rtc::signaling {

/// By the ending of the file's name.
const char* mediaTypeOf(std::string_view file);

/// GET or HEAD.
bool readsOnly(const RequestHead& request);
/// To any other method.
Reply methodNotAllowed();

/// The head of a file's answer; the caller adds the contents, unless the client has this very version already: then the
/// status is 304 and there are none. `tag`: of the version, in its quotes.
Reply pageReply(const RequestHead& request, std::string_view file, const std::string& tag);

}  // namespace rtc::signaling
