// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Any text as a message, in both directions: it is taken or refused, and what was taken reads the same once written.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/payload.hpp"
#include "tests/fuzz/require.hpp"

using namespace rtc::signaling;

namespace {

void asFromClient(std::string_view text) {
  const auto message = decodeClientMessage(text);
  if (std::holds_alternative<Unrecognized>(message.body)) return;
  const auto written = encode(message);
  const auto again = decodeClientMessage(written);
  FUZZ_REQUIRE(again.body.index() == message.body.index());
  FUZZ_REQUIRE(encode(again) == written);
}

void asFromService(std::string_view text) {
  const auto decoded = decodeNumberedMessage(text);
  if (!decoded) return;
  const auto written = encode(decoded.value().message, decoded.value().numbers);
  const auto again = decodeNumberedMessage(written);
  FUZZ_REQUIRE(again.ok());
  FUZZ_REQUIRE(encode(again.value().message, again.value().numbers) == written);
}

void asPayload(std::string_view text) {
  const Json payload{std::string(text)};
  if (const auto description = descriptionFrom(payload)) FUZZ_REQUIRE(!description.value().sdp.empty());
  static_cast<void>(candidateFrom(payload));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  asFromClient(text);
  asFromService(text);
  asPayload(text);
  return 0;
}
