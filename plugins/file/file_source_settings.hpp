// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The properties that `rtcfilesrc` has beside the session's.
#pragma once

#include <glib-object.h>

#include <optional>
#include <string>
#include <vector>

#include "plugins/core/file/bytes.hpp"
#include "plugins/file/receiving_folder.hpp"

namespace rtc {

enum class OfferPolicy { Auto, Ask, None };

GType offerPolicyType();
GType conflictType();

struct FileSourceSettings {
  std::string location;   ///< the one file is written here
  std::string directory;  ///< or any number of them below here
  OfferPolicy offers = OfferPolicy::Auto;
  Conflict conflict = Conflict::Fail;
  guint64 max_size = 0;
  guint max_transfers = 1;
  guint resume_timeout = 60'000;

  bool folderMode() const { return !location.empty() || !directory.empty(); }
  std::string folder() const;
  std::string fileName() const;

  static void install(GObjectClass* klass, guint first);
  /// `number`: counted from the `first` of `install`. False if there is none of it.
  bool set(guint number, const GValue* value);
  bool get(guint number, GValue* value) const;
};

/// `0,3-5`: numbers of files in an offer. Nothing if the text is none of that.
std::optional<std::vector<core::file::FileId>> fileNumbers(const std::string& text);

}  // namespace rtc
