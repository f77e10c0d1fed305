// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Any text as a token: it is refused, and what the same key signs of it is read as it was meant.
#include <cstddef>
#include <cstdint>
#include <string>

#include "signaling/server/access/base64url.hpp"
#include "signaling/server/access/bearer_token.hpp"
#include "signaling/server/access/token_authenticator.hpp"
#include "tests/fuzz/require.hpp"

using namespace rtc::signaling;

namespace {

const TokenKeys& keys() {
  static const TokenKeys one =
      TokenKeys::of({TokenKey::secret("main", "a secret of thirty-two bytes or more").value()});
  return one;
}

/// The text as a payload that our own key has signed: only the claims are hostile.
std::string signedToken(const std::string& payload) {
  const auto text = toBase64Url(R"({"alg":"HS256"})") + "." + toBase64Url(payload);
  return text + "." + toBase64Url(keys().forSigning("")->sign(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const TokenAuthenticator door(keys(), {.audience = ""}, [] { return 1'700'000'000.0; });
  // Nobody guesses a signature.
  FUZZ_REQUIRE(!door.identify(text).ok());
  if (const auto identity = door.identify(signedToken(text))) {
    const auto& who = identity.value();
    FUZZ_REQUIRE(!who.user.empty() && who.user.size() <= 64 && who.user.front() != '@');
    FUZZ_REQUIRE(who.display.size() <= 64 && who.groups.size() <= 16);
    FUZZ_REQUIRE(who.valid_for && who.valid_for->count() > 0);
  }
  if (const auto bytes = fromBase64Url(text)) FUZZ_REQUIRE(toBase64Url(*bytes) == text);
  FUZZ_REQUIRE(bearerToken(text).size() <= text.size());
  return 0;
}
