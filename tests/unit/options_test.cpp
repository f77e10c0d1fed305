// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The options of rtc-signald: flags over file over defaults, and the documents that show them.
#include "signaling/server/options.hpp"

#include <glib.h>
#include <glib/gstdio.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/ptr.hpp"
#include "signaling/server/config_file.hpp"
#include "signaling/server/option_table.hpp"
#include "tests/support/check.hpp"

using namespace rtc;
using namespace rtc::signaling;

namespace {

Result<CommandLine> parsed(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "rtc-signald");
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  return parseCommandLine(static_cast<int>(arguments.size()), argv.data());
}

Options options(const std::vector<std::string>& arguments) {
  auto line = parsed(arguments);
  ck_assert_msg(line.ok(), "%s", line.ok() ? "" : line.error().message.c_str());
  return std::get<Options>(line.value());
}

std::string complaint(const std::vector<std::string>& arguments) {
  const auto line = parsed(arguments);
  RTC_ASSERT(!line.ok());
  return line.error().message;
}

/// A file for `--config`, gone with the test.
class ConfigFile {
 public:
  explicit ConfigFile(const std::string& text) {
    const int descriptor = g_file_open_tmp("rtc-config-XXXXXX", &path_, nullptr);
    RTC_ASSERT(descriptor >= 0);
    g_close(descriptor, nullptr);
    std::ofstream(path()) << text;
  }
  ConfigFile(const ConfigFile&) = delete;
  ConfigFile& operator=(const ConfigFile&) = delete;
  ~ConfigFile() { g_unlink(path_.get()); }

  std::string path() const { return path_.get(); }

 private:
  Out<gchar> path_;
};

std::string document(const std::string& path) {
  std::ifstream file(std::string(std::getenv("RTC_SOURCE_ROOT")) + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

RTC_TEST(without_a_word_the_defaults_hold) {
  const auto given = options({});
  RTC_ASSERT_EQ(given.listen.front(), "127.0.0.1");
  RTC_ASSERT_EQ(given.port, 8888);
  RTC_ASSERT(given.hub.timers.ring == Duration{60'000});
}

RTC_TEST(flags_go_before_the_file_and_the_file_before_the_defaults) {
  const ConfigFile file("[listen]\nport = 7000\n[calls]\nring-timeout=2.5\nsetup-timeout=7\n");
  const auto given = options({"--setup-timeout", "9", "--config", file.path(), "-l", "::1"});
  RTC_ASSERT_EQ(given.port, 7000);
  RTC_ASSERT_EQ(given.listen.front(), "::1");
  RTC_ASSERT(given.hub.timers.ring == Duration{2'500});
  RTC_ASSERT(given.hub.timers.setup == Duration{9'000});
}

RTC_TEST(a_repeated_flag_replaces_the_files_list) {
  const ConfigFile file("[ice]\nice-server=stun:192.0.2.1;stun:192.0.2.2\n");
  const auto from_file = options({"--config", file.path()});
  RTC_ASSERT_EQ(from_file.hub.ice_servers.size(), 2U);
  const auto given = options({"--config", file.path(), "--ice-server", "stun:192.0.2.3"});
  RTC_ASSERT_EQ(given.hub.ice_servers.size(), 1U);
  RTC_ASSERT_EQ(given.hub.ice_servers[0].urls[0], "stun:192.0.2.3");
}

RTC_TEST(a_file_that_is_wrong_is_told_with_its_name_and_what_is_wrong) {
  const std::pair<const char*, const char*> wrongs[] = {
      {"[listen]\nprot=1\n", "“prot”"},
      {"[calls]\nport=1\n", "belongs to the section [listen]"},
      {"[listen]\nport=many\n", "a whole number from 0 to 65535"},
      {"[calls]\nring-timeout=\n", "seconds"},
      {"port=1\n", "group"},
      {"[ice]\nice-server=turn:me:secret@\n", "--ice-server"},
  };
  for (const auto& [text, why] : wrongs) {
    const ConfigFile file(text);
    const auto told = complaint({"--config", file.path()});
    ck_assert_msg(contains(told, file.path()) && contains(told, why), "%s", told.c_str());
    RTC_ASSERT(!contains(told, "secret"));
  }
  RTC_ASSERT(contains(complaint({"--config", "/nonexistent"}), "/nonexistent"));
}

RTC_TEST(every_row_takes_its_own_default_and_refuses_what_is_out_of_range) {
  for (const auto& row : optionTable()) {
    Options target;
    const auto standard = shownOption(row, Options{});
    clearOption(row, target);
    if (!standard.empty()) RTC_ASSERT(setOption(row, target, standard).ok());
    RTC_ASSERT_EQ(shownOption(row, target), standard);
    if (shownRange(row).empty()) continue;
    const auto refused = setOption(row, target, "-1.5x");
    RTC_ASSERT(!refused.ok());
    RTC_ASSERT(contains(refused.error().message, row.name));
  }
}

RTC_TEST(the_sample_file_is_the_packaged_one_and_says_what_holds_anyway) {
  RTC_ASSERT_EQ(sampleConfig(), document("packaging/rtc-signald.conf"));
  std::string uncommented;
  std::istringstream lines(sampleConfig());
  for (std::string line; std::getline(lines, line);) {
    const bool key = line.size() > 1 && line[0] == '#' && line[1] != ' ' && line.back() != '=';
    uncommented += (key ? line.substr(1) : line) + "\n";
  }
  const ConfigFile file(uncommented);
  const auto given = options({"--config", file.path()});
  for (const auto& row : optionTable()) RTC_ASSERT_EQ(shownOption(row, given), shownOption(row, Options{}));
}

RTC_TEST(the_operators_page_has_a_line_for_each_option) {
  const auto page = document("docs/operating.md");
  for (const auto& row : optionTable()) {
    const auto standard = shownOption(row, Options{});
    const auto line = "| `" + std::string(row.name) + "` | [" + row.section + "] | " +
                      (standard.empty() ? "-" : standard) + " | " + row.meaning + " |";
    ck_assert_msg(contains(page, line), "docs/operating.md lacks: %s", line.c_str());
  }
}

RTC_TEST(check_config_is_told_apart_from_serving) {
  RTC_ASSERT(std::holds_alternative<CheckConfig>(parsed({"check-config", "--port", "1"}).value()));
  RTC_ASSERT(std::holds_alternative<SampleConfig>(parsed({"sample-config"}).value()));
  RTC_ASSERT(!parsed({"check-config", "--port", "x"}).ok());
  RTC_ASSERT(!parsed({"checkconfig"}).ok());
}
