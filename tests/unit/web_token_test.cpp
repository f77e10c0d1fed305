// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Tokens: the examples of the standards, what we make ourselves, and what attackers make of them.
#include "signaling/server/access/web_token.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

#include "signaling/server/access/base64url.hpp"
#include "signaling/server/access/bearer_token.hpp"
#include "signaling/server/access/token_authenticator.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace rtc;
using namespace rtc::signaling;
using rtc::testing::TemporaryFolder;

namespace {

constexpr double kNow = 1'700'000'000;
constexpr auto kSecret = "a secret of more than thirty-two bytes";

std::string bytes(const std::string& base64url) {
  const auto decoded = fromBase64Url(base64url);
  RTC_ASSERT(decoded.has_value());
  return *decoded;
}

/// A public key in PEM, of its DER.
std::string publicPem(const std::string& der) {
  std::string body(4 * ((der.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(body.data()), reinterpret_cast<const unsigned char*>(der.data()),
                  static_cast<int>(der.size()));
  return "-----BEGIN PUBLIC KEY-----\n" + std::string(body.c_str()) + "\n-----END PUBLIC KEY-----\n";
}

std::string pemOf(EVP_PKEY* key, bool with_private) {
  BIO* out = BIO_new(BIO_s_mem());
  if (with_private) {
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  } else {
    PEM_write_bio_PUBKEY(out, key);
  }
  char* text = nullptr;
  const long size = BIO_get_mem_data(out, &text);
  std::string pem(text, static_cast<std::size_t>(size));
  BIO_free(out);
  return pem;
}

EVP_PKEY* freshKey(TokenAlgorithm algorithm) {
  if (algorithm == TokenAlgorithm::RS256) return EVP_RSA_gen(2048);
  if (algorithm == TokenAlgorithm::ES256) return EVP_EC_gen("P-256");
  return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
}

/// Keys from files, as the service reads them: `main` signs, and `check` is its public half where there is one.
struct Keys {
  explicit Keys(TokenAlgorithm kind) : algorithm(kind) {
    std::string text = "[main]\nalgorithm=" + std::string(word(algorithm)) + "\n";
    if (algorithm == TokenAlgorithm::HS256) {
      text += std::string("secret=") + kSecret + "\n";
    } else {
      EVP_PKEY* key = freshKey(algorithm);
      folder.write("private.pem", pemOf(key, true));
      folder.write("public.pem", pemOf(key, false));
      EVP_PKEY_free(key);
      text += "key-file=private.pem\n";
      folder.write("checking", "[main]\nalgorithm=" + std::string(word(algorithm)) + "\nkey-file=public.pem\n");
    }
    folder.write("signing", text);
  }

  TokenKeys read(const std::string& file) const {
    auto keys = TokenKeys::read(folder.path(file));
    ck_assert_msg(keys.ok(), "%s", keys.ok() ? "" : keys.error().message.c_str());
    return std::move(keys).value();
  }
  TokenKeys signing() const { return read("signing"); }
  TokenKeys checking() const { return read(algorithm == TokenAlgorithm::HS256 ? "signing" : "checking"); }

  TokenAlgorithm algorithm;
  TemporaryFolder folder;
};

Claims claims() {
  return {.user = "alice",
          .display = "Alice \"A.\"",
          .groups = {"support"},
          .may = {{"call", "list"}},
          .audience = {"rtc-signald"},
          .expires = kNow + 600,
          .not_before = kNow};
}

std::string signedBy(const TokenKeys& keys, const Claims& what) {
  return makeToken(what, *keys.forSigning(""));
}

/// A token of these very texts, signed as HS256.
std::string handMade(const std::string& header, const std::string& payload) {
  const auto key = TokenKey::secret("main", kSecret);
  const auto text = toBase64Url(header) + "." + toBase64Url(payload);
  return text + "." + toBase64Url(key.value().sign(text));
}

TokenAuthenticator authenticator(TokenKeys keys, TokenRules rules = {}) {
  return TokenAuthenticator(std::move(keys), std::move(rules), [] { return kNow; });
}

void assertRefused(const TokenAuthenticator& door, const std::string& token, const std::string& why) {
  const auto identity = door.identify(token);
  RTC_ASSERT(!identity.ok());
  ck_assert_msg(identity.error().message.find(why) != std::string::npos, "%s", identity.error().message.c_str());
  RTC_ASSERT(token.empty() || identity.error().message.find(token) == std::string::npos);
}

constexpr auto kPayload = R"({"sub":"alice","aud":"rtc-signald","exp":1700000600})";

}  // namespace

RTC_TEST(base64url_has_one_text_for_each_value) {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    RTC_ASSERT_EQ(fromBase64Url(toBase64Url(text)).value_or("?"), text);
  }
  RTC_ASSERT_EQ(toBase64Url("\xff\xfe\xfd"), "__79");
  for (const char* wrong : {"A", "AAAAA", "AB", "AAB", "Zg==", "Zm+v", "Zm/v", "Zm v", "Zm\n"}) {
    RTC_ASSERT(!fromBase64Url(wrong));
  }
}

RTC_TEST(the_example_of_rfc_7515_for_hs256_verifies) {
  const auto key = TokenKey::secret(
      "k", bytes("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"));
  const std::string text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const auto signature = bytes("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  RTC_ASSERT(key.value().verify(text, signature));
  RTC_ASSERT(!key.value().verify(text + "A", signature));
  RTC_ASSERT(!key.value().verify(text, signature.substr(1)));
}

RTC_TEST(the_example_of_rfc_7515_for_es256_verifies) {
  const std::string prefix(
      "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04",
      27);
  const auto key = TokenKey::pem("k", TokenAlgorithm::ES256,
                                 publicPem(prefix + bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU") +
                                           bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")));
  ck_assert_msg(key.ok(), "%s", key.ok() ? "" : key.error().message.c_str());
  const std::string text =
      "eyJhbGciOiJFUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
  const auto signature =
      bytes("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");
  RTC_ASSERT(key.value().verify(text, signature));
  RTC_ASSERT(!key.value().verify(text + "A", signature));
  RTC_ASSERT(!key.value().verify(text, std::string(64, '\0')));
  RTC_ASSERT(!key.value().verify(text, ""));
}

RTC_TEST(the_example_of_rfc_8037_for_ed25519_verifies) {
  const std::string prefix("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", 12);
  const auto key = TokenKey::pem("k", TokenAlgorithm::EdDSA,
                                 publicPem(prefix + bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")));
  ck_assert_msg(key.ok(), "%s", key.ok() ? "" : key.error().message.c_str());
  const std::string text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
  const auto signature =
      bytes("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
  RTC_ASSERT(key.value().verify(text, signature));
  RTC_ASSERT(!key.value().verify(text + "A", signature));
}

RTC_TEST(what_a_key_of_each_kind_signs_its_public_half_takes) {
  for (const auto algorithm :
       {TokenAlgorithm::HS256, TokenAlgorithm::RS256, TokenAlgorithm::ES256, TokenAlgorithm::EdDSA}) {
    const Keys keys(algorithm);
    const auto token = signedBy(keys.signing(), claims());
    const auto identity = authenticator(keys.checking()).identify(token);
    ck_assert_msg(identity.ok(), "%s: %s", word(algorithm).data(),
                  identity.ok() ? "" : identity.error().message.c_str());
    RTC_ASSERT_EQ(identity.value().user, "alice");
    RTC_ASSERT_EQ(identity.value().display, "Alice \"A.\"");
    RTC_ASSERT_EQ(identity.value().groups.at(0), "support");
    RTC_ASSERT(identity.value().may.call && identity.value().may.list && !identity.value().may.watch);
    RTC_ASSERT(*identity.value().valid_for == Duration{630'000});
    // Another key of the kind did not sign it.
    if (algorithm != TokenAlgorithm::HS256)
      assertRefused(authenticator(Keys(algorithm).checking()), token, "not signed");
    std::string altered = token;
    altered[altered.find('.') + 5] ^= 1;
    RTC_ASSERT(!authenticator(keys.checking()).identify(altered).ok());
  }
}

RTC_TEST(a_public_key_does_not_sign) {
  const Keys keys(TokenAlgorithm::EdDSA);
  RTC_ASSERT(keys.checking().forSigning("") == nullptr);
  RTC_ASSERT(keys.signing().forSigning("main") != nullptr);
  RTC_ASSERT(keys.signing().forSigning("other") == nullptr);
}

RTC_TEST(the_algorithm_is_the_keys_and_never_the_tokens) {
  const Keys keys(TokenAlgorithm::HS256);
  const auto door = authenticator(keys.checking());
  RTC_ASSERT(door.identify(handMade(R"({"alg":"HS256"})", kPayload)).ok());
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({})", R"({"alg":"HS512"})",
                             R"({"alg":"RS256"})", R"({"alg":["HS256"]})", R"({"alg":"HS256","kid":"other"})"}) {
    assertRefused(door, handMade(header, kPayload), "not signed");
  }
  const auto unsigned_token = toBase64Url(R"({"alg":"none"})") + "." + toBase64Url(kPayload) + ".";
  assertRefused(door, unsigned_token, "not signed");
  assertRefused(door, handMade(R"({"alg":"HS256","crit":["exp"]})", kPayload), "extension");
}

RTC_TEST(a_public_key_is_no_secret_for_hmac) {
  const Keys keys(TokenAlgorithm::RS256);
  const std::string header = R"({"alg":"HS256"})";
  Out<gchar> pem;
  g_file_get_contents(keys.folder.path("public.pem").c_str(), &pem, nullptr, nullptr);
  const auto key = TokenKey::secret("main", pem.get());
  const auto text = toBase64Url(header) + "." + toBase64Url(kPayload);
  assertRefused(authenticator(keys.checking()), text + "." + toBase64Url(key.value().sign(text)), "not signed");
}

RTC_TEST(what_is_no_token_is_refused) {
  const auto door = authenticator(Keys(TokenAlgorithm::HS256).checking());
  for (const char* text : {"", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "e30.e30.e30"}) {
    RTC_ASSERT(!door.identify(text).ok());
  }
  assertRefused(door, handMade("[]", kPayload), "malformed");
  assertRefused(door, handMade(R"({"alg":"HS256"})", "[]"), "malformed");
  assertRefused(door, handMade(R"({"alg":"HS256"})", "not JSON"), "malformed");
  assertRefused(door, std::string(8193, 'a'), "too long");
}

RTC_TEST(times_count_with_a_small_leeway) {
  const auto door = authenticator(Keys(TokenAlgorithm::HS256).checking());
  const auto with = [](const std::string& times) {
    return handMade(R"({"alg":"HS256"})", R"({"sub":"alice","aud":"rtc-signald")" + times + "}");
  };
  assertRefused(door, with(""), "exp");
  assertRefused(door, with(R"(,"exp":"1700000600")"), "exp");
  assertRefused(door, with(R"(,"exp":1699999970)"), "expired");
  RTC_ASSERT(door.identify(with(R"(,"exp":1699999971)")).ok());
  assertRefused(door, with(R"(,"exp":-99999999999999999999999)"), "expired");
  assertRefused(door, with(R"(,"exp":1700000600,"nbf":1700000031)"), "not valid yet");
  RTC_ASSERT(door.identify(with(R"(,"exp":1700000600,"nbf":1700000030)")).ok());
  const auto endless = door.identify(with(R"(,"exp":1e300)"));
  RTC_ASSERT(endless.ok() && *endless.value().valid_for < std::chrono::hours(200));
}

RTC_TEST(a_token_made_within_a_second_is_valid_from_then_on_and_to_its_end) {
  const Keys keys(TokenAlgorithm::HS256);
  auto made = claims();
  made.not_before = kNow + 0.7;
  made.expires = kNow + 1.2;
  const auto token = signedBy(keys.signing(), made);
  const auto at = [&](double now) {
    return TokenAuthenticator(keys.checking(), {.leeway = {}}, [now] { return now; }).identify(token).ok();
  };
  RTC_ASSERT(at(kNow + 0.7));
  RTC_ASSERT(at(kNow + 1.1));
}

RTC_TEST(a_token_is_for_its_audience) {
  const Keys keys(TokenAlgorithm::HS256);
  const auto with = [](const std::string& audience) {
    return handMade(R"({"alg":"HS256"})", R"({"sub":"alice","exp":1700000600)" + audience + "}");
  };
  const auto door = authenticator(keys.checking());
  assertRefused(door, with(""), "aud");
  assertRefused(door, with(R"(,"aud":"other")"), "aud");
  RTC_ASSERT(door.identify(with(R"(,"aud":["other","rtc-signald"])")).ok());
  const auto any = authenticator(keys.checking(), {.audience = ""});
  RTC_ASSERT(any.identify(with("")).ok());
}

RTC_TEST(a_token_without_a_good_name_is_refused_and_odd_claims_are_left_out) {
  const auto door = authenticator(Keys(TokenAlgorithm::HS256).checking());
  const auto with = [](const std::string& more) {
    return handMade(R"({"alg":"HS256"})", R"({"aud":"rtc-signald","exp":1700000600)" + more + "}");
  };
  for (const char* name : {"", R"(,"sub":"")", R"(,"sub":7)", R"(,"sub":"@support")", R"(,"sub":"a\nb")"}) {
    assertRefused(door, with(name), "sub");
  }
  const auto odd = door.identify(with(R"(,"sub":"a","name":"x\ny","groups":["ok","",7],"may":[]})").substr(0));
  RTC_ASSERT(!odd.ok() || odd.value().display.empty());
  const auto plain = door.identify(with(R"(,"sub":"a","name":7,"groups":["ok","",7])"));
  RTC_ASSERT(plain.ok());
  RTC_ASSERT_EQ(plain.value().groups.size(), 1U);
  RTC_ASSERT(plain.value().may.call && plain.value().may.watch && !plain.value().may.list);
  const auto none = door.identify(with(R"(,"sub":"a","may":[])"));
  RTC_ASSERT(!none.value().may.call && !none.value().may.watch);
}

RTC_TEST(files_of_keys_that_are_wrong_are_told_and_no_secret_is) {
  const TemporaryFolder folder;
  const Keys rsa(TokenAlgorithm::RS256);
  EVP_PKEY* weak = EVP_RSA_gen(1024);
  folder.write("weak.pem", pemOf(weak, false));
  EVP_PKEY_free(weak);
  const std::pair<const char*, const char*> wrongs[] = {
      {"", "no key"},
      {"[k]\nalgorithm=none\n", "algorithm"},
      {"[k]\nsecret=xyzzy\n", "algorithm"},
      {"[k]\nalgorithm=HS256\n", "0 bytes"},
      {"[k]\nalgorithm=HS256\nsecret=xyzzy\n", "at least 32"},
      {"[k]\nalgorithm=HS256\nsecrets=xyzzy\n", "secrets"},
      {"[k]\nalgorithm=RS256\n", "key-file"},
      {"[k]\nalgorithm=RS256\nkey-file=nowhere.pem\n", "nowhere.pem"},
      {"[k]\nalgorithm=RS256\nkey-file=keys\n", "PEM"},
      {"[k]\nalgorithm=RS256\nkey-file=weak.pem\n", "2048"},
      {"[k]\nalgorithm=ES256\nkey-file=weak.pem\n", "P-256"},
      {"[k]\nalgorithm=EdDSA\nkey-file=weak.pem\n", "Ed25519"},
  };
  for (const auto& [text, why] : wrongs) {
    const auto keys = TokenKeys::read(folder.write("keys", text));
    RTC_ASSERT(!keys.ok());
    ck_assert_msg(keys.error().message.find(why) != std::string::npos, "%s", keys.error().message.c_str());
    RTC_ASSERT(keys.error().message.find("xyzzy") == std::string::npos);
  }
}

RTC_TEST(the_header_field_of_a_bearer_token) {
  RTC_ASSERT_EQ(bearerToken("Bearer abc.def"), "abc.def");
  RTC_ASSERT_EQ(bearerToken("bearer   abc  "), "abc");
  for (const char* field : {"", "Bearer", "Bearer ", "Bearer    ", "Basic abc", "abc"})
    RTC_ASSERT_EQ(bearerToken(field), "");
}
