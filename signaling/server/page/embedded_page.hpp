// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The page that the program carries in itself (`web/`), over HTTP. It loads nothing from elsewhere and runs no code
// that is not a file of it: the browser sees to that, by the policy that comes with each answer.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/ptr.hpp"
#include "signaling/server/connection.hpp"

namespace rtc::signaling {

/// Bound to the thread of the service.
class EmbeddedPage {
 public:
  EmbeddedPage();

  /// Answers any request, if only with an error.
  Reply answer(const RequestHead& request) const;

 private:
  struct File {
    Ptr<GBytes> content;
    std::string tag;
  };

  /// By their paths, which begin with a slash; `/` is the first page.
  std::map<std::string, File, std::less<>> files_;
};

}  // namespace rtc::signaling
