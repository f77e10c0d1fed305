// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/options.hpp"

#include <glib.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "base/ptr.hpp"
#include "signaling/server/config_file.hpp"
#include "signaling/server/ice_server_option.hpp"
#include "signaling/server/option_table.hpp"

RTC_OWN_UNIQUE(GOptionContext, g_option_context_free);
RTC_OWN_UNIQUE(GOptionGroup, g_option_group_unref);

namespace rtc::signaling {

namespace {

constexpr auto kSummary =
    "Commands:\n"
    "  check-config   say whether the service would start with these options, and end\n"
    "  sample-config  print a file for --config with every key at its default\n"
    "  token          make a token for a user: see `rtc-signald token --help`";
constexpr auto kDescription =
    "The first line on the standard output is `listening on ws://HOST:PORT`; the log goes to the standard error.\n"
    "On SIGTERM or SIGINT the clients are told, calls being set up get time to finish, and the exit status is 0.\n"
    "It is 1 if the service cannot start.";

/// The flags in their order, as they were given.
struct Given {
  std::vector<std::pair<std::string, std::string>> flags;
  Out<gchar> config;
  gboolean version = FALSE;
};

gboolean take(const gchar* flag, const gchar* value, gpointer data, GError**) noexcept {
  // `--name` as written; a switch comes without a value.
  static_cast<Given*>(data)->flags.emplace_back(flag, value != nullptr ? value : "true");
  return TRUE;
}

std::string nameOf(const std::string& flag) {
  if (flag == "-l") return "listen";
  if (flag == "-p") return "port";
  return flag.substr(flag.find_first_not_of('-'));
}

gchar shortFlag(const std::string& name) {
  return name == "listen" ? 'l' : name == "port" ? 'p' : '\0';
}

/// The texts must live as long as the entries.
std::string helpFor(const OptionRow& row) {
  const auto standard = shownOption(row, Options{});
  const bool tell = !standard.empty() && !std::holds_alternative<option::Switch>(row.target);
  return row.meaning + (tell ? " (" + standard + ")" : "");
}

Result<Done> parse(Given& given, int argc, char** argv) {
  std::deque<std::string> texts;
  std::vector<GOptionEntry> entries;
  for (const auto& row : optionTable()) {
    const bool is_switch = std::holds_alternative<option::Switch>(row.target);
    texts.push_back(helpFor(row));
    entries.push_back({row.name, shortFlag(row.name), is_switch ? G_OPTION_FLAG_NO_ARG : 0, G_OPTION_ARG_CALLBACK,
                       reinterpret_cast<gpointer>(take), texts.back().c_str(), row.value});
  }
  entries.push_back({"config", 'c', 0, G_OPTION_ARG_FILENAME, &given.config, "Read this file first", "FILE"});
  entries.push_back({"version", 'V', 0, G_OPTION_ARG_NONE, &given.version, "Show the version", nullptr});
  entries.push_back({nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr});
  const auto context = adopt(g_option_context_new("[COMMAND] - WebRTC signaling service"));
  auto group = adopt(g_option_group_new("rtc-signald", nullptr, nullptr, &given, nullptr));
  g_option_group_add_entries(group.get(), entries.data());
  g_option_context_set_main_group(context.get(), release(std::move(group)));
  g_option_context_set_summary(context.get(), kSummary);
  g_option_context_set_description(context.get(), kDescription);
  Out<GError> error;
  const auto refused = [](const std::string& why) { return Error{why + ". See `rtc-signald --help`."}; };
  if (!g_option_context_parse(context.get(), &argc, &argv, &error)) return refused(error->message);
  if (argc > 1) return refused(std::string("Unknown argument ") + argv[1]);
  return Done{};
}

Result<Done> takeFlags(const Given& given, Options& options) {
  std::set<std::string> seen;
  for (const auto& [flag, value] : given.flags) {
    const auto* row = findOption(nameOf(flag));
    if (row == nullptr) return Error{"unknown option " + flag};
    // The first of a repeated flag replaces what the file says.
    if (seen.insert(row->name).second) clearOption(*row, options);
    if (const auto set = setOption(*row, options, value); !set) return set;
  }
  return Done{};
}

bool onlyThisMachine(const std::string& address) {
  return address == "localhost" || address == "::1" || address.starts_with("127.");
}

/// Where everybody may take any name, nobody but this machine's users should.
Result<Done> openDoors(Options& options) {
  auto access = Access::open(options.access, options.hub.ice_servers);
  if (!access) return access.error();
  options.doors = std::make_shared<Access>(std::move(access).value());
  options.doors->lendTo(options.hub);
  const auto outside = std::ranges::find_if_not(options.listen, onlyThisMachine);
  if (!options.doors->isOpen() || options.insecure_open || outside == options.listen.end()) return Done{};
  return Error{"--listen " + *outside +
               ": without --token-keys everybody who can reach the service may take any name. Give it keys, or say "
               "--insecure-open if that is what you want"};
}

/// What follows from the single options.
Result<Done> complete(Options& options) {
  for (const auto& text : options.ice_servers) {
    auto server = parseIceServer(text);
    if (!server) return server.error();
    options.hub.ice_servers.push_back(std::move(server).value());
  }
  if (options.tls_certificate.empty() && !options.tls_key.empty()) return Error{"--tls-key needs --tls-certificate"};
  if (options.tls_key.empty()) options.tls_key = options.tls_certificate;
  return openDoors(options);
}

Result<Options> optionsFrom(const Given& given) {
  Options options;
  if (given.config) {
    if (const auto read = readConfig(given.config.get(), options); !read) return read.error();
  }
  if (const auto taken = takeFlags(given, options); !taken) return taken.error();
  if (const auto completed = complete(options); !completed) return completed.error();
  return options;
}

}  // namespace

Result<CommandLine> parseCommandLine(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "sample-config") return CommandLine(SampleConfig{});
  if (command == "token") return CommandLine(MintToken{});
  const bool check = command == "check-config";
  if (check) std::swap(argv[0], argv[1]);
  Given given;
  const int skipped = check ? 1 : 0;
  if (const auto parsed = parse(given, argc - skipped, argv + skipped); !parsed) return parsed.error();
  if (given.version) return CommandLine(ShowVersion{});
  auto options = optionsFrom(given);
  if (!options) return options.error();
  if (check) return CommandLine(CheckConfig{std::move(options).value()});
  return CommandLine(std::move(options).value());
}

}  // namespace rtc::signaling
