// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The digests are openssl's own, so that ours are not checked against themselves.
#include "plugins/session/certificate.hpp"

#include <gio/gio.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "base/ptr.hpp"
#include "tests/support/check.hpp"

RTC_OWN_GOBJECT(GSubprocess);

using namespace rtc;

namespace {

std::string openssl(std::vector<const char*> arguments, const std::string& input = {}) {
  arguments.insert(arguments.begin(), g_getenv("RTC_TEST_OPENSSL"));
  arguments.push_back(nullptr);
  Out<GError> error;
  const auto flags = static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                   G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  const auto process = adopt(g_subprocess_newv(arguments.data(), flags, &error));
  ck_assert_msg(process != nullptr, "%s", error ? error->message : "");
  Out<gchar> output;
  RTC_ASSERT(g_subprocess_communicate_utf8(process.get(), input.c_str(), nullptr, &output, nullptr, &error));
  RTC_ASSERT(g_subprocess_get_successful(process.get()));
  return output.get();
}

/// A new certificate, PEM.
std::string certificate() {
  return openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch",
                  "-subj", "/CN=peer", "-keyout", "/dev/null"});
}

/// `AA:BB:…`
std::string digestOf(const std::string& pem, const char* hash) {
  auto text = openssl({"x509", "-noout", "-fingerprint", hash}, pem);
  text.erase(0, text.find('=') + 1);
  return text.substr(0, text.find('\n'));
}

/// As a description announces it.
std::vector<core::Fingerprint> announced(const std::vector<std::string>& values) {
  std::string text = "v=0\r\nm=audio 9 X 0\r\n";
  for (const auto& value : values) text += "a=fingerprint:" + value + "\r\n";
  const auto sdp = core::Sdp::parse(text);
  return sdp.value().fingerprints(sdp.value().media()[0]);
}

bool matches(const std::string& pem, const std::string& value) {
  return certificateMatches(pem, announced({value}));
}

}  // namespace

RTC_TEST(a_certificate_has_its_own_fingerprint) {
  const auto pem = certificate();
  RTC_ASSERT(matches(pem, "sha-256 " + digestOf(pem, "-sha256")));
  RTC_ASSERT(matches(pem, "sha-384 " + digestOf(pem, "-sha384")));
  RTC_ASSERT(matches(pem, "sha-512 " + digestOf(pem, "-sha512")));
}

RTC_TEST(weak_and_unknown_hash_functions_match_nothing) {
  const auto pem = certificate();
  RTC_ASSERT(!matches(pem, "sha-1 " + digestOf(pem, "-sha1")));
  RTC_ASSERT(!matches(pem, "md5 " + digestOf(pem, "-md5")));
  RTC_ASSERT(!matches(pem, "sha-224 " + digestOf(pem, "-sha224")));
  RTC_ASSERT(!matches(pem, "sha256 " + digestOf(pem, "-sha256")));
  RTC_ASSERT(!matches(pem, "none " + digestOf(pem, "-sha256")));
}

RTC_TEST(a_digest_with_one_changed_place_does_not_match) {
  const auto pem = certificate();
  const auto digest = digestOf(pem, "-sha256");
  for (const std::size_t place : {std::size_t{0}, digest.size() / 2, digest.size() - 1}) {
    auto changed = digest;
    changed[place] = changed[place] == '0' ? '1' : '0';
    ck_assert_msg(!matches(pem, "sha-256 " + changed), "changed at %zu", place);
  }
}

RTC_TEST(a_part_of_a_digest_or_more_than_one_does_not_match) {
  const auto pem = certificate();
  const auto digest = digestOf(pem, "-sha256");
  RTC_ASSERT(!matches(pem, "sha-256 " + digest.substr(0, 47)));
  RTC_ASSERT(!matches(pem, "sha-256 " + digest + ":00"));
  RTC_ASSERT(!matches(pem, "sha-384 " + digest));
  RTC_ASSERT(!certificateMatches(pem, {{"sha-256", ""}}));
}

RTC_TEST(another_certificate_does_not_match) {
  RTC_ASSERT(!matches(certificate(), "sha-256 " + digestOf(certificate(), "-sha256")));
}

RTC_TEST(of_several_fingerprints_one_by_the_strongest_known_hash_must_match) {
  const auto pem = certificate();
  const auto other = certificate();
  const auto own = "sha-256 " + digestOf(pem, "-sha256");
  const auto others = "sha-256 " + digestOf(other, "-sha256");
  RTC_ASSERT(certificateMatches(pem, announced({others, own})));
  RTC_ASSERT(certificateMatches(pem, announced({"sha-1 AA:BB", own, "md5 AA"})));
  RTC_ASSERT(certificateMatches(pem, announced({own, "sha-512 " + digestOf(pem, "-sha512")})));
  RTC_ASSERT(!certificateMatches(pem, announced({own, "sha-512 " + digestOf(other, "-sha512")})));
  RTC_ASSERT(!certificateMatches(pem, announced({others})));
  RTC_ASSERT(!certificateMatches(pem, {}));
}

RTC_TEST(the_case_of_a_digest_does_not_matter_but_its_colons_do) {
  const auto pem = certificate();
  auto digest = digestOf(pem, "-sha256");
  std::string lower = digest;
  for (char& c : lower) c = static_cast<char>(std::tolower(c));
  RTC_ASSERT(matches(pem, "SHA-256 " + lower));
  std::erase(digest, ':');
  RTC_ASSERT(!matches(pem, "sha-256 " + digest));
}

RTC_TEST(the_certificate_is_found_behind_other_text_and_with_any_line_ends) {
  const auto pem = certificate();
  const auto value = "sha-256 " + digestOf(pem, "-sha256");
  std::string crlf;
  for (const char c : pem) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  RTC_ASSERT(matches(crlf, value));
  const auto key = openssl({"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"});
  RTC_ASSERT(matches(key + pem, value));
  RTC_ASSERT(matches(pem + key, value));
}

RTC_TEST(what_is_no_certificate_matches_nothing) {
  const auto pem = certificate();
  const auto fingerprint = announced({"sha-256 " + digestOf(pem, "-sha256")});
  const std::string nothing = "-----BEGIN CERTIFICATE----------END CERTIFICATE-----";
  const auto of_nothing = announced(
      {"sha-256 E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55"});
  RTC_ASSERT(!certificateMatches("", fingerprint));
  RTC_ASSERT(!certificateMatches("", of_nothing));
  RTC_ASSERT(!certificateMatches("hello", fingerprint));
  RTC_ASSERT(!certificateMatches(nothing, of_nothing));
  RTC_ASSERT(!certificateMatches(pem.substr(0, pem.size() / 2), fingerprint));
  RTC_ASSERT(!certificateMatches(pem.substr(30), fingerprint));
  RTC_ASSERT(!certificateMatches("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", of_nothing));
}
