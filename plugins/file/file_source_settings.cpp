// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/file_source_settings.hpp"

#include <gst/gst.h>

#include <array>

#include "base/ptr.hpp"

namespace rtc {

namespace {

enum Number : guint { kLocation, kDirectory, kOffers, kConflict, kMaxSize, kMaxTransfers, kResumeTimeout };

std::string textIn(const GValue* value) {
  const auto* text = g_value_get_string(value);
  return text == nullptr ? "" : text;
}

}  // namespace

GType offerPolicyType() {
  static const std::array<GEnumValue, 4> kValues = {
      {{static_cast<gint>(OfferPolicy::Auto), "Take what is offered; ask about hidden files", "auto"},
       {static_cast<gint>(OfferPolicy::Ask), "Emit incoming-offer and wait for accept-offer or decline-offer", "ask"},
       {static_cast<gint>(OfferPolicy::None), "Take nothing", "none"},
       {0, nullptr, nullptr}}};
  static const GType kType = g_enum_register_static("GstRtcOfferPolicy", kValues.data());
  return kType;
}

GType conflictType() {
  static const std::array<GEnumValue, 4> kValues = {
      {{static_cast<gint>(Conflict::Fail), "Do not take the file", "fail"},
       {static_cast<gint>(Conflict::Rename), "Take it under a name with a number", "rename"},
       {static_cast<gint>(Conflict::Overwrite), "Replace the file that is there, once the new one is whole",
        "overwrite"},
       {0, nullptr, nullptr}}};
  static const GType kType = g_enum_register_static("GstRtcFileConflict", kValues.data());
  return kType;
}

std::string FileSourceSettings::folder() const {
  if (!directory.empty()) return directory;
  return adopt(g_path_get_dirname(location.c_str())).get();
}

std::string FileSourceSettings::fileName() const {
  return adopt(g_path_get_basename(location.c_str())).get();
}

void FileSourceSettings::install(GObjectClass* klass, guint first) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const auto add = [&](guint number, GParamSpec* spec) {
    g_object_class_install_property(klass, first + number, spec);
  };
  add(kLocation,
      g_param_spec_string("location", "location", "Write the one received file here; it can resume", nullptr, flags));
  add(kDirectory, g_param_spec_string("directory", "directory",
                                      "Write received files below this folder; they can resume", nullptr, flags));
  add(kOffers, g_param_spec_enum("offers", "offers", "What to do with an offer", offerPolicyType(),
                                 static_cast<gint>(OfferPolicy::Auto), flags));
  add(kConflict, g_param_spec_enum("conflict", "conflict", "What to do with a file whose name is taken", conflictType(),
                                   static_cast<gint>(Conflict::Fail), flags));
  add(kMaxSize, g_param_spec_uint64("max-size", "max-size",
                                    "Largest transfer that is taken, in bytes; 0: any known size, streams up to 16 GiB",
                                    0, G_MAXINT64, 0, flags));
  add(kMaxTransfers,
      g_param_spec_uint("max-transfers", "max-transfers", "With a folder: EOS after so many transfers; 0 is never", 0,
                        G_MAXUINT, 1, flags));
  add(kResumeTimeout, g_param_spec_uint("resume-timeout", "resume-timeout",
                                        "How long an interrupted transfer waits for its sender, in ms", 1'000,
                                        86'400'000, 60'000, flags));
}

bool FileSourceSettings::set(guint number, const GValue* value) {
  switch (number) {
    case kLocation:
      location = textIn(value);
      return true;
    case kDirectory:
      directory = textIn(value);
      return true;
    case kOffers:
      offers = static_cast<OfferPolicy>(g_value_get_enum(value));
      return true;
    case kConflict:
      conflict = static_cast<Conflict>(g_value_get_enum(value));
      return true;
    case kMaxSize:
      max_size = g_value_get_uint64(value);
      return true;
    case kMaxTransfers:
      max_transfers = g_value_get_uint(value);
      return true;
    case kResumeTimeout:
      resume_timeout = g_value_get_uint(value);
      return true;
    default:
      return false;
  }
}

bool FileSourceSettings::get(guint number, GValue* value) const {
  switch (number) {
    case kLocation:
      g_value_set_string(value, location.c_str());
      return true;
    case kDirectory:
      g_value_set_string(value, directory.c_str());
      return true;
    case kOffers:
      g_value_set_enum(value, static_cast<gint>(offers));
      return true;
    case kConflict:
      g_value_set_enum(value, static_cast<gint>(conflict));
      return true;
    case kMaxSize:
      g_value_set_uint64(value, max_size);
      return true;
    case kMaxTransfers:
      g_value_set_uint(value, max_transfers);
      return true;
    case kResumeTimeout:
      g_value_set_uint(value, resume_timeout);
      return true;
    default:
      return false;
  }
}

std::optional<std::vector<core::file::FileId>> fileNumbers(const std::string& text) {
  constexpr guint64 kMost = 100'000;
  std::vector<core::file::FileId> numbers;
  const char* at = text.c_str();
  do {
    gchar* end = nullptr;
    const auto first = g_ascii_strtoull(at, &end, 10);
    if (end == at || first >= kMost || *at == '-') return std::nullopt;
    auto last = first;
    if (*end == '-') {
      at = end + 1;
      last = g_ascii_strtoull(at, &end, 10);
      if (end == at || last < first || last >= kMost || *at == '-') return std::nullopt;
    }
    if (!numbers.empty() && first <= numbers.back()) return std::nullopt;
    for (auto each = first; each <= last; ++each) numbers.push_back(static_cast<core::file::FileId>(each));
    at = end;
  } while (*at++ == ',');
  if (at[-1] != '\0') return std::nullopt;
  return numbers;
}

}  // namespace rtc
