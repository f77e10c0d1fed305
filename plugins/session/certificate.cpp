// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/certificate.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/session/gst_ptr.hpp"

namespace rtc {

namespace {

// The strongest first. RFC 8122 section 5 forbids md5 and md2; sha-1 is left out because it no longer binds anything.
constexpr std::array<std::pair<std::string_view, GChecksumType>, 3> kHashes = {
    {{"sha-512", G_CHECKSUM_SHA512}, {"sha-384", G_CHECKSUM_SHA384}, {"sha-256", G_CHECKSUM_SHA256}}};

std::optional<std::vector<guchar>> derOf(const std::string& pem) {
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  const auto begin = pem.find(kBegin);
  if (begin == std::string::npos) return std::nullopt;
  const auto end = pem.find("-----END CERTIFICATE-----", begin);
  if (end == std::string::npos) return std::nullopt;
  const auto body = pem.substr(begin + kBegin.size(), end - begin - kBegin.size());
  gsize length = 0;
  guchar* decoded = g_base64_decode(body.c_str(), &length);
  std::vector<guchar> der(decoded, decoded + length);
  g_free(decoded);
  return der;
}

std::string pairs(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    if (i > 0 && i % 2 == 0) out.push_back(':');
    out.push_back(g_ascii_toupper(hex[i]));
  }
  return out;
}

}  // namespace

bool certificateMatches(const std::string& pem, const std::vector<core::Fingerprint>& announced) {
  const auto der = derOf(pem);
  if (!der || der->empty()) return false;
  for (const auto& [name, type] : kHashes) {
    const auto by_this = [hash = name](const core::Fingerprint& each) { return each.hash == hash; };
    if (std::none_of(announced.begin(), announced.end(), by_this)) continue;
    const auto digest = pairs(adopt(g_compute_checksum_for_data(type, der->data(), der->size())).get());
    const core::Fingerprint own{std::string(name), digest};
    return std::find(announced.begin(), announced.end(), own) != announced.end();
  }
  return false;
}

}  // namespace rtc
