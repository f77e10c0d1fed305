// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Hostile bytes against everything of the file protocol that reads them: frames, offers, names, and whole sessions of
// messages to either end. With clang's libFuzzer it searches; with any compiler `replay.cpp` runs what was found.
#include <cstdlib>
#include <memory>

#include "tests/support/file_rig.hpp"

using namespace rtc;
using namespace rtc::testing;

namespace {

/// Takes the input apart, from its front.
class Food {
 public:
  explicit Food(file::View bytes) : bytes_(bytes) {}
  bool empty() const { return bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const auto first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  file::View some(std::size_t size) {
    const auto part = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(part.size());
    return part;
  }
  file::View rest() { return some(bytes_.size()); }

 private:
  file::View bytes_;
};

void require(bool holds) {
  if (!holds) std::abort();
}

void readFrames(file::View bytes) {
  static_cast<void>(file::decode(bytes));
}

void readOffer(file::View bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto json = file::parseJson(text);
  if (!json) return;
  file::OfferReader reader{file::Limits{}};
  const auto complete = reader.add(*json, bytes.size());
  if (!complete || !complete.value()) return;
  // What is understood once is understood the same way again.
  const auto offer = reader.take();
  file::OfferReader again{file::Limits{}};
  for (const auto& page : file::encode(offer)) require(again.add(*file::parseJson(page), page.size()).ok());
  require(again.take().entries.size() == offer.entries.size());
}

void readName(file::View bytes) {
  file::Path path;
  std::string part;
  for (const auto byte : bytes) {
    if (byte == '/') {
      path.push_back(std::exchange(part, {}));
    } else {
      part += static_cast<char>(byte);
    }
  }
  path.push_back(part);
  const auto seen = file::shown(path);
  for (const char c : seen) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  if (!file::problemWith(path).empty()) return;
  for (const auto& each : path) require(each != ".." && each != "." && each.find('/') == std::string::npos);
}

file::Offer smallOffer() {
  file::Offer offer;
  offer.id = {7};
  offer.block = FileRig::block;
  offer.entries = {aFile("a", 100'000).first, aFolder("d").first, aStream(0).first};
  return offer;
}

/// A message of the input's: free bytes, or one whose header is right.
file::Bytes message(Food& food) {
  const auto kind = food.byte();
  if (kind % 4 == 0) {
    const auto part = food.some(food.byte());
    return {part.begin(), part.end()};
  }
  const auto type = static_cast<file::Type>(food.byte());
  const auto id = food.byte() % 5U;
  const std::uint64_t offset = (kind % 4 == 1 ? std::uint64_t{food.byte()} * 16'384 : std::uint64_t{food.byte()});
  const auto size = std::size_t{food.byte()} * (kind % 4 == 2 ? 64 : 1);
  const auto part = food.some(size);
  return file::makeFrame(type, id, offset, part);
}

void playSender(Food food) {
  ManualClock clock;
  file::Limits limits;
  limits.window = 200'000;
  file::Receiver receiver(limits, testDigest, clock);
  std::size_t held = 0;
  std::vector<file::Receiver::Event> due;
  const auto step = [&](const file::Receiver::Event& event) {
    for (auto& action : receiver.on(event)) {
      if (std::holds_alternative<file::Receiver::ShowOffer>(action)) {
        file::Receiver::Accepts accepts;
        for (file::FileId id = 0; id < receiver.offer().entries.size() && id < 8; ++id) accepts.files.push_back(id);
        due.push_back(accepts);
      } else if (const auto* store = std::get_if<file::Receiver::Store>(&action)) {
        held += store->bytes.size();
        const auto hash = testDigest(store->bytes);
        const auto outcome = hash == store->hash ? file::Receiver::Outcome::Stored : file::Receiver::Outcome::Damaged;
        due.push_back(file::Receiver::BlockOver{store->name, outcome, hash, {}});
      } else if (const auto* finish = std::get_if<file::Receiver::Finish>(&action)) {
        due.push_back(file::Receiver::FileFinished{finish->file, std::nullopt});
      }
    }
  };
  step(file::LinkUp{1});
  const auto hello = file::encode(file::Hello{}, true);
  step(file::Heard{1, hello});
  if (food.byte() % 4 != 0) {
    for (const auto& page : file::encode(smallOffer())) {
      const auto said = file::encodeOfferPage(page);
      step(file::Heard{1, said});
    }
  }
  while (!food.empty()) {
    const auto choice = food.byte();
    if (choice % 16 == 0) {
      clock.advance(Duration(choice));
      step(file::Tick{});
    } else if (choice % 16 == 1 || choice % 16 == 2) {
      for (const auto& event : std::exchange(due, {})) step(event);
    } else if (choice % 16 == 3) {
      step(file::LinkUp{choice / 16U + 1U});
    } else if (choice % 16 == 4) {
      step(file::LinkDown{choice / 16U});
    } else {
      const auto said = message(food);
      step(file::Heard{1U + (choice % 16 == 5 ? 1U : 0U), said});
    }
    // Nothing is held that was not granted.
    if (due.empty()) held = 0;
    require(held <= limits.window + 16 * file::kLargestBlock);
  }
}

void playReceiver(Food food) {
  ManualClock clock;
  file::Sender::Options options;
  options.max_lanes = 4;
  file::Sender sender(smallOffer(), options, testDigest, clock);
  std::vector<file::Sender::Event> due;
  const auto step = [&](const file::Sender::Event& event) {
    for (auto& action : sender.on(event)) {
      if (const auto* read = std::get_if<file::Sender::Read>(&action)) {
        auto bytes = std::make_shared<file::Bytes>(read->length);
        due.push_back(file::Sender::BlockRead{read->name, bytes, testDigest(*bytes), read->name.block > 3});
      }
    }
  };
  step(file::LinkUp{1});
  while (!food.empty()) {
    const auto choice = food.byte();
    if (choice % 16 == 0) {
      clock.advance(Duration(choice));
      step(file::Tick{});
    } else if (choice % 16 <= 2) {
      for (const auto& event : std::exchange(due, {})) step(event);
    } else if (choice % 16 == 3) {
      step(file::LinkUp{choice / 16U + 1U});
    } else if (choice % 16 == 4) {
      step(file::LinkDown{choice / 16U});
    } else {
      const auto said = message(food);
      step(file::Heard{1U + (choice % 16 == 5 ? 1U : 0U), said});
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Food food({data, size});
  switch (food.byte() % 5) {
    case 0:
      readFrames(food.rest());
      break;
    case 1:
      readOffer(food.rest());
      break;
    case 2:
      readName(food.rest());
      break;
    case 3:
      playSender(food);
      break;
    default:
      playReceiver(food);
      break;
  }
  return 0;
}
