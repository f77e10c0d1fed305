// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/server/access/web_token.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "signaling/protocol/json_fields.hpp"
#include "signaling/protocol/json_writer.hpp"
#include "signaling/server/access/base64url.hpp"

namespace rtc::signaling {

namespace {

Error malformed() {
  return {"the token is malformed"};
}

Result<JsonFields> objectIn(std::string_view part) {
  auto text = fromBase64Url(part);
  if (!text) return malformed();
  auto fields = JsonFields::parse(std::move(*text));
  if (!fields || !fields.value().isObject()) return malformed();
  return fields;
}

/// The word for an algorithm is never a choice of ours: it must be that of a key which verifies.
bool verified(const JsonFields& header, std::string_view text, std::string_view signature, const TokenKeys& keys) {
  const auto algorithm = tokenAlgorithmOf(header.string("alg"));
  const auto id = header.string("kid");
  return algorithm && std::ranges::any_of(keys.all(), [&](const TokenKey& key) {
           return key.algorithm() == *algorithm && (id.empty() || id == key.id()) && key.verify(text, signature);
         });
}

Claims claimsIn(const JsonFields& payload) {
  Claims claims{payload.string("sub"), payload.string("name"), payload.strings("groups")};
  if (payload.has("may")) claims.may = payload.strings("may");
  claims.audience = payload.strings("aud");
  if (const auto one = payload.string("aud"); !one.empty()) claims.audience.push_back(one);
  claims.expires = payload.number("exp");
  claims.not_before = payload.number("nbf");
  return claims;
}

}  // namespace

Result<Claims> claimsOf(const std::string& token, const TokenKeys& keys) {
  if (token.size() > kMaxTokenBytes) return Error{"the token is too long"};
  const auto first = token.find('.');
  const auto second = token.find('.', first + 1);
  const bool three = first != token.npos && second != token.npos && token.find('.', second + 1) == token.npos;
  if (!three) return malformed();
  const std::string_view whole(token);
  const auto header = objectIn(whole.substr(0, first));
  if (!header) return header.error();
  // An extension that we do not know may change what the rest means (RFC 7515 4.1.11).
  if (header.value().has("crit")) return Error{"the token needs an extension that this service does not know"};
  const auto signature = fromBase64Url(whole.substr(second + 1));
  if (!signature) return malformed();
  if (!verified(header.value(), whole.substr(0, second), *signature, keys)) {
    return Error{"the token is not signed by a key of this service"};
  }
  const auto payload = objectIn(whole.substr(first + 1, second - first - 1));
  if (!payload) return payload.error();
  return claimsIn(payload.value());
}

std::string makeToken(const Claims& claims, const TokenKey& key) {
  const auto header = JsonWriter().add("alg", word(key.algorithm())).add("typ", "JWT").add("kid", key.id()).text();
  JsonWriter payload;
  payload.add("sub", claims.user).addIf("name", claims.display);
  if (!claims.groups.empty()) payload.addRaw("groups", quotedArray(claims.groups));
  if (claims.may) payload.addRaw("may", quotedArray(*claims.may));
  if (!claims.audience.empty()) payload.add("aud", claims.audience.front());
  // In whole seconds, and none of the time that was asked for is lost.
  if (claims.not_before) payload.addRaw("nbf", std::to_string(std::llround(std::floor(*claims.not_before))));
  if (claims.expires) payload.addRaw("exp", std::to_string(std::llround(std::ceil(*claims.expires))));
  const auto text = toBase64Url(header) + "." + toBase64Url(payload.text());
  return text + "." + toBase64Url(key.sign(text));
}

}  // namespace rtc::signaling
