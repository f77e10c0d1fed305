// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a call needs of the installed GStreamer, and where Debian has it: asked before anything starts, so that a person
// reads a package's name and not a negotiation error.
#pragma once

#include <string>
#include <vector>

namespace rtc {

struct Missing {
  std::string factory;
  std::string package;  ///< Debian's and Ubuntu's name; empty where it is not known
};

/// Those of the elements that a call is made of which are not installed.
std::vector<Missing> missingElements();
/// Those of `factories` which are not installed.
std::vector<Missing> missingElements(const std::vector<std::string>& factories);

/// Makes one of each, once in the process, so that no call waits for it: the first of a kind loads its plugin, and with
/// the first `dtlsdec` GStreamer makes the process's certificate, whose RSA key takes a tenth of a second. Thread-safe.
void prepareElements();

/// "GStreamer lacks nicesrc (Debian package gstreamer1.0-nice) and …": a sentence for a person.
std::string sentence(const std::vector<Missing>& missing);

}  // namespace rtc
