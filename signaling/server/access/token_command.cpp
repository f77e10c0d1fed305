// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/token_command.hpp"

#include <glib.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/ptr.hpp"
#include "signaling/server/access/token_authenticator.hpp"
#include "signaling/server/config_file.hpp"
#include "signaling/server/names.hpp"

RTC_OWN_UNIQUE(GOptionContext, g_option_context_free);

namespace rtc::signaling {

namespace {

constexpr int kHour = 3600;
constexpr std::array<std::string_view, 3> kPermissions = {"call", "list", "watch"};

struct Given {
  Out<gchar> config, keys, key, audience, user, name;
  gchar** groups = nullptr;
  gchar** may = nullptr;
  int valid_for = kHour;

  Given() = default;
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() {
    g_strfreev(groups);
    g_strfreev(may);
  }
};

std::vector<std::string> listOf(gchar** texts) {
  std::vector<std::string> list;
  for (; texts != nullptr && *texts != nullptr; ++texts) list.emplace_back(*texts);
  return list;
}

Result<Done> parse(Given& given, int argc, char** argv) {
  const GOptionEntry entries[] = {
      {"config", 'c', 0, G_OPTION_ARG_FILENAME, &given.config, "The service's file, for its keys and its audience",
       "FILE"},
      {"token-keys", 0, 0, G_OPTION_ARG_FILENAME, &given.keys, "The file of keys", "FILE"},
      {"key", 0, 0, G_OPTION_ARG_STRING, &given.key, "Sign with this key (the first that can)", "ID"},
      {"token-audience", 0, 0, G_OPTION_ARG_STRING, &given.audience, "For which service (rtc-signald)", "WORD"},
      {"user", 'u', 0, G_OPTION_ARG_STRING, &given.user, "Whose name the token proves", "NAME"},
      {"name", 0, 0, G_OPTION_ARG_STRING, &given.name, "What people call the user", "TEXT"},
      {"group", 'g', 0, G_OPTION_ARG_STRING_ARRAY, &given.groups,
       "A group whose calls the user may take, may be repeated", "NAME"},
      {"may", 'm', 0, G_OPTION_ARG_STRING_ARRAY, &given.may, "call, list or watch, may be repeated (call and watch)",
       "WHAT"},
      {"valid-for", 0, 0, G_OPTION_ARG_INT, &given.valid_for, "How long the token holds (3600)", "SECONDS"},
      {nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr}};
  const auto context = adopt(g_option_context_new("- make a token for a user of rtc-signald"));
  g_option_context_add_main_entries(context.get(), entries, nullptr);
  Out<GError> error;
  const auto refused = [](const std::string& why) { return Error{why + ". See `rtc-signald token --help`."}; };
  if (!g_option_context_parse(context.get(), &argc, &argv, &error)) return refused(error->message);
  if (argc > 1) return refused(std::string("Unknown argument ") + argv[1]);
  return Done{};
}

Result<AccessOptions> accessFrom(const Given& given) {
  Options options;
  if (given.config) {
    if (const auto read = readConfig(given.config.get(), options); !read) return read.error();
  }
  if (given.keys) options.access.token_keys = given.keys.get();
  if (given.audience) options.access.token_rules.audience = given.audience.get();
  if (options.access.token_keys.empty()) return Error{"name the file of keys with --token-keys or --config"};
  return options.access;
}

Result<Claims> claimsFrom(const Given& given, const std::string& audience) {
  const std::string user = given.user ? given.user.get() : "";
  if (!validName(user) || user.front() == '@') return Error{"--user: whose name? " + std::string(kNameRule)};
  if (given.valid_for < 1) return Error{"--valid-for: a number of seconds from 1"};
  const double now = systemWallClock();
  Claims claims{.user = user, .groups = listOf(given.groups)};
  if (given.name) claims.display = given.name.get();
  if (given.may != nullptr) claims.may = listOf(given.may);
  for (const auto& permission : claims.may.value_or(std::vector<std::string>{})) {
    if (std::ranges::find(kPermissions, permission) == kPermissions.end()) {
      return Error{"--may: call, list or watch, not “" + permission + "”"};
    }
  }
  if (!audience.empty()) claims.audience = {audience};
  claims.not_before = now;
  claims.expires = now + given.valid_for;
  return claims;
}

}  // namespace

Result<std::string> mintToken(int argc, char** argv) {
  Given given;
  if (const auto parsed = parse(given, argc, argv); !parsed) return parsed.error();
  const auto access = accessFrom(given);
  if (!access) return access.error();
  const auto claims = claimsFrom(given, access.value().token_rules.audience);
  if (!claims) return claims.error();
  const auto keys = TokenKeys::read(access.value().token_keys);
  if (!keys) return keys.error();
  const auto* key = keys.value().forSigning(given.key ? given.key.get() : "");
  if (key == nullptr)
    return Error{access.value().token_keys + ": no such key that can sign: it must be a secret or a private key"};
  return makeToken(claims.value(), *key);
}

}  // namespace rtc::signaling
