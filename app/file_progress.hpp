// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a person reads of a transfer.
#pragma once

#include <string>

#include "app/event.hpp"

namespace rtc::app {

/// One line; empty where there is nothing to say.
std::string fileLine(const FileEvent& event);

/// `12.3 MB`
std::string sizeInWords(double bytes);

/// `1:02:03`
std::string timeInWords(double seconds);

/// The question that an offer is.
std::string offerQuestion(const FileEvent& offer);

}  // namespace rtc::app
