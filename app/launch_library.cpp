// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/launch_library.hpp"

#include <glib.h>

#include <map>
#include <string_view>

#include "app/launch_text.hpp"
#include "base/ptr.hpp"

RTC_OWN_UNIQUE(GDir, g_dir_close);
RTC_OWN_UNIQUE(gchar*, g_strfreev);

namespace rtc::app {

namespace {

constexpr std::string_view kEnding = ".launch";

Result<std::string> contents(const std::string& path) {
  Out<gchar> text;
  gsize size = 0;
  Out<GError> error;
  if (!g_file_get_contents(path.c_str(), &text, &size, &error)) {
    return Error{"The pipeline file cannot be read: " + std::string(error->message)};
  }
  return std::string(text.get(), size);
}

bool isFile(const std::string& path) {
  return g_file_test(path.c_str(), G_FILE_TEST_IS_REGULAR) != FALSE;
}

}  // namespace

LaunchLibrary LaunchLibrary::ofThisUser() {
  std::vector<std::string> folders;
  folders.push_back(std::string(g_get_user_config_dir()) + "/gst-rtc/pipelines");
  if (const char* path = g_getenv("RTC_PIPELINES_PATH")) {
    const auto parts = adopt(g_strsplit(path, ":", -1));
    for (gchar** part = parts.get(); *part != nullptr; ++part) {
      if (**part != '\0') folders.emplace_back(*part);
    }
  }
  folders.emplace_back(RTC_PIPELINES_DIR);
  return LaunchLibrary(std::move(folders));
}

Result<std::string> LaunchLibrary::load(const std::string& name_or_path) const {
  if (name_or_path.find('/') != std::string::npos || name_or_path.ends_with(kEnding)) return contents(name_or_path);
  std::string searched;
  for (const auto& folder : folders_) {
    const auto path = folder + "/" + name_or_path + std::string(kEnding);
    if (isFile(path)) return contents(path);
    searched += (searched.empty() ? " " : ", ") + folder;
  }
  return Error{"There is no pipeline “" + name_or_path +
               "”. `rtc-call run` lists those that there are. Searched:" + searched + "."};
}

std::vector<LaunchLibrary::Entry> LaunchLibrary::entries() const {
  std::map<std::string, Entry> found;
  for (const auto& folder : folders_) {
    const auto dir = adopt(g_dir_open(folder.c_str(), 0, nullptr));
    if (!dir) continue;
    while (const char* file = g_dir_read_name(dir.get())) {
      std::string_view name = file;
      if (!name.ends_with(kEnding)) continue;
      name.remove_suffix(kEnding.size());
      const auto path = folder + "/" + file;
      const auto text = contents(path);
      // `emplace` keeps what an earlier folder had: as `load` does.
      if (text) found.emplace(name, Entry{std::string(name), path, summary(text.value())});
    }
  }
  std::vector<Entry> entries;
  for (auto& [name, entry] : found) entries.push_back(std::move(entry));
  return entries;
}

}  // namespace rtc::app
