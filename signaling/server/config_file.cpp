// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/config_file.hpp"

#include <glib.h>

#include "base/ptr.hpp"
#include "signaling/server/key_file.hpp"
#include "signaling/server/option_table.hpp"

namespace rtc::signaling {

namespace {

Error wrong(const std::string& path, const std::string& why) {
  return {path + ": " + why};
}

Result<Done> readList(GKeyFile* file, const OptionRow& row, Options& options) {
  Out<GError> error;
  const auto values = adopt(g_key_file_get_string_list(file, row.section, row.name, nullptr, &error));
  if (!values) return Error{error->message};
  clearOption(row, options);
  for (gchar** value = values.get(); *value != nullptr; ++value) {
    if (const auto set = setOption(row, options, g_strstrip(*value)); !set) return set;
  }
  return Done{};
}

Result<Done> readKey(GKeyFile* file, const OptionRow& row, Options& options) {
  if (std::holds_alternative<option::List>(row.target)) return readList(file, row, options);
  Out<GError> error;
  const auto value = adopt(g_key_file_get_string(file, row.section, row.name, &error));
  if (!value) return Error{error->message};
  return setOption(row, options, g_strstrip(value.get()));
}

Result<Done> readSection(GKeyFile* file, const char* section, Options& options) {
  const auto keys = adopt(g_key_file_get_keys(file, section, nullptr, nullptr));
  for (gchar** key = keys.get(); *key != nullptr; ++key) {
    const auto* row = findOption(*key);
    if (row == nullptr) return Error{"there is no option “" + std::string(*key) + "”; `rtc-signald --help` lists all"};
    if (std::string(row->section) != section) {
      return Error{"“" + std::string(*key) + "” belongs to the section [" + row->section + "], not [" + section + "]"};
    }
    if (const auto read = readKey(file, *row, options); !read) return read;
  }
  return Done{};
}

}  // namespace

Result<Done> readConfig(const std::string& path, Options& options) {
  const auto file = adopt(g_key_file_new());
  Out<GError> error;
  if (!g_key_file_load_from_file(file.get(), path.c_str(), G_KEY_FILE_NONE, &error)) {
    return wrong(path, error->message);
  }
  const auto sections = adopt(g_key_file_get_groups(file.get(), nullptr));
  for (gchar** section = sections.get(); *section != nullptr; ++section) {
    if (const auto read = readSection(file.get(), *section, options); !read) return wrong(path, read.error().message);
  }
  return Done{};
}

std::string sampleConfig() {
  std::string text =
      "# rtc-signald reads this file when started with --config FILE. Each key is also a flag of the same name, which goes\n"
      "# before it. Commented out is what holds without the line. `rtc-signald check-config --config FILE` tells whether the\n"
      "# service would start.\n";
  std::string section;
  for (const auto& row : optionTable()) {
    if (section != row.section) text += "\n[" + (section = row.section) + "]\n";
    text += "# " + std::string(row.meaning);
    if (const auto range = shownRange(row); !range.empty()) text += " (" + range + ")";
    text += "\n#" + std::string(row.name) + "=" + shownOption(row, Options{}) + "\n";
  }
  return text;
}

}  // namespace rtc::signaling
