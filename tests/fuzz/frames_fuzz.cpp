// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Any bytes as a client's frames: however they are cut, the same messages come out, each of them whole, valid and not
// too large, and nothing after the end. The first byte says how the others are cut.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "signaling/protocol/utf8_check.hpp"
#include "signaling/server/wire/assembly.hpp"
#include "tests/fuzz/require.hpp"

using namespace rtc::signaling;

namespace {

constexpr std::size_t kMost = 4'096;

class Notes final : public MessageSink {
 public:
  bool onFrame() override {
    FUZZ_REQUIRE(!ended_);
    return true;
  }
  bool onText(std::string_view text) override {
    Utf8Check utf8;
    FUZZ_REQUIRE(text.size() <= kMost && utf8.feed(text) && utf8.complete());
    return note('t', text);
  }
  bool onPing(std::string_view payload) override {
    FUZZ_REQUIRE(payload.size() <= 125);
    return note('i', payload);
  }
  bool onPong() override { return note('o', ""); }
  void onClose(std::uint16_t code) override {
    FUZZ_REQUIRE(code == 0 || (code >= 1000 && code < 5000));
    note('c', std::to_string(code));
    ended_ = true;
  }
  void onViolation(CloseCode code, std::string_view) override {
    note('v', std::to_string(static_cast<int>(code)));
    ended_ = true;
  }

  bool ended() const { return ended_; }
  bool operator==(const Notes& other) const { return all_ == other.all_; }

 private:
  bool note(char kind, std::string_view text) {
    FUZZ_REQUIRE(!ended_);
    all_.push_back(kind + std::string(text));
    return true;
  }

  std::vector<std::string> all_;
  bool ended_ = false;
};

Notes heard(std::string_view bytes, std::size_t step) {
  Assembly assembly(kMost);
  Notes notes;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    const bool more = assembly.feed(bytes.substr(at, step), notes);
    FUZZ_REQUIRE(more != notes.ended());
    if (!more) break;
  }
  return notes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = heard(bytes, bytes.size() + 1);
  FUZZ_REQUIRE(heard(bytes, std::size_t{1} + data[0]) == whole);
  return 0;
}
