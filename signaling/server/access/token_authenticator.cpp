// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/token_authenticator.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "signaling/protocol/limits.hpp"
#include "signaling/server/names.hpp"

namespace rtc::signaling {

namespace {

/// A date beyond a week changes nothing, and one beyond all bounds must not overflow.
constexpr double kLongest = 7 * 24 * 3600;

/// Who says nothing of permissions gives those that tell nothing about people who did not agree to it.
Permissions permissionsOf(const Claims& claims) {
  if (!claims.may) return {.call = true, .list = false, .watch = true};
  const auto has = [&](const char* permission) {
    return std::ranges::find(*claims.may, permission) != claims.may->end();
  };
  return {.call = has("call"), .list = has("list"), .watch = has("watch")};
}

}  // namespace

double systemWallClock() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

Result<Identity> TokenAuthenticator::identify(const std::string& token) const {
  auto read = claimsOf(token, keys_);
  if (!read) return read.error();
  Claims& claims = read.value();
  const bool ours =
      rules_.audience.empty() || std::ranges::find(claims.audience, rules_.audience) != claims.audience.end();
  if (!ours) return Error{"the token is not for this service: its `aud` is another"};
  if (!validName(claims.user) || claims.user.front() == '@') return Error{"the token names no user in `sub`"};
  const auto valid_for = validity(claims);
  if (!valid_for) return valid_for.error();
  std::erase_if(claims.groups, [](const auto& group) { return !validName(group); });
  if (claims.groups.size() > kMaxGroups) claims.groups.resize(kMaxGroups);
  const bool shown = validName(claims.display);
  return Identity{.user = std::move(claims.user),
                  .display = shown ? std::move(claims.display) : "",
                  .groups = std::move(claims.groups),
                  .may = permissionsOf(claims),
                  .valid_for = valid_for.value()};
}

Result<Duration> TokenAuthenticator::validity(const Claims& claims) const {
  const double now = clock_();
  const double leeway = std::chrono::duration<double>(rules_.leeway).count();
  if (!claims.expires) return Error{"the token never expires: it needs an `exp`"};
  if (now >= *claims.expires + leeway) return Error{"the token has expired"};
  if (claims.not_before && now < *claims.not_before - leeway) return Error{"the token is not valid yet"};
  const double left = std::min(*claims.expires + leeway - now, kLongest);
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(left));
}

}  // namespace rtc::signaling
