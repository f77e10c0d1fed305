// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Any bytes as an HTTP request: what is taken has only what a head may have, and nothing that follows from it goes
// astray.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "signaling/server/wire/forwarded.hpp"
#include "signaling/server/wire/handshake.hpp"
#include "signaling/server/wire/request_head.hpp"
#include "tests/fuzz/require.hpp"

using namespace rtc::signaling;

namespace {

bool printable(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

void check(const RequestHead& head, std::size_t size) {
  FUZZ_REQUIRE(head.path.starts_with('/') && head.path.size() <= size);
  FUZZ_REQUIRE(std::ranges::all_of(head.path, [](char c) { return c > 0x20 && c < 0x7f; }));
  FUZZ_REQUIRE(!head.method.empty() && printable(head.method));
  FUZZ_REQUIRE(head.http_1_0 || head.field("host"));
  for (const auto& [name, value] : head.fields) {
    FUZZ_REQUIRE(!name.empty() && printable(name) && printable(value));
    FUZZ_REQUIRE(name.find_first_of(" :\t") == std::string::npos);
  }
  if (!handshakeProblem(head)) FUZZ_REQUIRE(head.field("sec-websocket-key")->size() == 24);
  OriginRule().allows(head);
  TrustedProxies({*Network::parse("10.0.0.0/8")}).clientOf(head);
  FUZZ_REQUIRE(!(head.keepsAlive() && head.http_1_0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const HeadLimits limits{4'096, 16};
  if (const auto length = headLength(bytes)) {
    const auto parsed = parseHead(bytes.substr(0, *length), limits);
    if (const auto* head = std::get_if<RequestHead>(&parsed)) {
      FUZZ_REQUIRE(*length <= limits.bytes && head->fields.size() <= limits.fields);
      check(*head, size);
    } else {
      FUZZ_REQUIRE(std::get<HeadRefused>(parsed).status >= 400);
    }
  }
  return 0;
}
