// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/message.hpp"

#include <algorithm>

#include "plugins/core/file/manifest.hpp"
#include "signaling/protocol/json_writer.hpp"

namespace rtc::core::file {

namespace {

using signaling::JsonWriter;

constexpr std::uint64_t kVersion = 1;
constexpr const char* kAgent = "gst-rtc";
constexpr std::size_t kLongestText = 500;

std::optional<Json> objectIn(const Frame& frame) {
  if (frame.body.size() > kLargestJson) return std::nullopt;
  auto json = parseJson({reinterpret_cast<const char*>(frame.body.data()), frame.body.size()});
  if (!json || json->object() == nullptr) return std::nullopt;
  return json;
}

Fault faultIn(const Json& json) {
  return {codeFrom(json.text("code")), json.text("text").substr(0, kLongestText)};
}

JsonWriter textOf(const Fault& fault) {
  JsonWriter json;
  json.add("code", word(fault.code)).addIf("text", fault.text);
  return json;
}

Hash hashAt(View bytes, std::size_t at) {
  Hash hash{};
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), hash.size(), hash.begin());
  return hash;
}

std::optional<Message> helloIn(const Json& json) {
  Hello hello;
  const auto* versions = json.find("versions");
  if (versions == nullptr || versions->array() == nullptr) return std::nullopt;
  for (const auto& version : *versions->array()) hello.understood |= version.asNumber() == kVersion;
  const auto largest = json.number("largest").value_or(hello.largest);
  if (largest < hello.largest) return std::nullopt;
  hello.largest = static_cast<std::size_t>(std::min<std::uint64_t>(largest, kLargestMessage));
  if (const auto lane = json.text("lane"); !lane.empty()) {
    hello.lane_of = transferIdFrom(lane);
    if (!hello.lane_of) return std::nullopt;
  }
  hello.agent = json.text("agent");
  return hello;
}

std::optional<Message> acceptIn(const Json& json) {
  Accept accept;
  const auto* files = json.find("files");
  const auto horizon = json.number("horizon");
  if (files == nullptr || files->array() == nullptr || !horizon) return std::nullopt;
  accept.horizon = *horizon;
  std::uint64_t next = 0;
  for (const auto& run : *files->array()) {
    const auto* ends = run.array();
    if (ends == nullptr || ends->size() != 2) return std::nullopt;
    const auto first = (*ends)[0].asNumber();
    const auto last = (*ends)[1].asNumber();
    if (!first || !last || *first < next || *last < *first || *last > 0xFFFFFFFEU) return std::nullopt;
    accept.files.emplace_back(static_cast<FileId>(*first), static_cast<FileId>(*last));
    next = *last + 1;
  }
  return accept;
}

std::optional<Message> hashesIn(const Frame& frame) {
  if (frame.body.empty() || frame.body.size() % sizeof(Hash) != 0 || frame.offset >= kMostBlocks) return std::nullopt;
  Hashes hashes{frame.file, frame.offset, {}};
  for (std::size_t at = 0; at < frame.body.size(); at += sizeof(Hash)) hashes.hashes.push_back(hashAt(frame.body, at));
  return hashes;
}

std::optional<Message> storedIn(const Frame& frame) {
  constexpr std::size_t kName = 8;
  if (frame.body.size() < 8 || frame.body.size() % kName != 0) return std::nullopt;
  Stored stored{frame.offset, readU64(frame.body, 0), {}};
  for (std::size_t at = 8; at < frame.body.size(); at += kName) {
    stored.blocks.push_back({readU32(frame.body, at), readU32(frame.body, at + 4)});
  }
  return stored;
}

std::optional<Message> fromJson(const Frame& frame) {
  auto json = objectIn(frame);
  if (!json) return std::nullopt;
  switch (static_cast<Type>(frame.type)) {
    case Type::Hello:
      return helloIn(*json);
    case Type::Offer:
      return OfferPage{std::move(*json), frame.body.size()};
    case Type::Accept:
      return acceptIn(*json);
    case Type::Reject:
      return Reject{faultIn(*json)};
    case Type::Cancel:
      return Cancel{faultIn(*json), json->flag("keep")};
    case Type::FileFailed:
      return FileFailed{frame.file, faultIn(*json)};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Message> decode(View message) {
  const auto frame = parseFrame(message);
  if (!frame) return std::nullopt;
  const auto& body = frame->body;
  if (frame->type >= kFirstOptional) return Ignorable{};
  switch (static_cast<Type>(frame->type)) {
    case Type::Hello:
    case Type::Offer:
    case Type::Accept:
    case Type::Reject:
    case Type::Cancel:
    case Type::FileFailed:
      return fromJson(*frame);
    case Type::Hashes:
      return hashesIn(*frame);
    case Type::Data:
      if (body.empty()) return std::nullopt;
      return Data{frame->file, frame->offset, body};
    case Type::Block:
      if (body.size() != 4 + sizeof(Hash)) return std::nullopt;
      return Block{frame->file, frame->offset, readU32(body, 0), hashAt(body, 4)};
    case Type::FileEnd:
      if (body.size() != sizeof(Hash)) return std::nullopt;
      return FileEnd{frame->file, frame->offset, hashAt(body, 0)};
    case Type::Arrived:
      return Arrived{frame->offset};
    case Type::Stored:
      return storedIn(*frame);
    case Type::Again:
      return Again{{frame->file, frame->offset}};
    case Type::Pause:
      return Pause{};
    case Type::Resume:
      return Resume{};
    case Type::Done:
      return Done{};
    case Type::DoneAck:
      return DoneAck{static_cast<std::uint32_t>(std::min<std::uint64_t>(frame->offset, 0xFFFFFFFFU))};
    case Type::DoneSeen:
      return DoneSeen{};
    case Type::Ping:
      return Ping{frame->offset};
    case Type::Pong:
      return Pong{frame->offset};
  }
  return std::nullopt;
}

bool mayPassOnLane(const Message& message) {
  return std::holds_alternative<Hello>(message) || std::holds_alternative<Data>(message) ||
         std::holds_alternative<Block>(message) || std::holds_alternative<Arrived>(message) ||
         std::holds_alternative<Ping>(message) || std::holds_alternative<Pong>(message) ||
         std::holds_alternative<Ignorable>(message);
}

Bytes encode(const Hello& hello, bool sends) {
  JsonWriter json;
  json.addRaw("versions", "[1]").add("role", sends ? "sender" : "receiver");
  json.addRaw("largest", std::to_string(hello.largest)).add("agent", kAgent);
  if (hello.lane_of) json.add("lane", hex(*hello.lane_of));
  return makeFrame(Type::Hello, 0, 0, json.text());
}

Bytes encodeOfferPage(const std::string& json) {
  return makeFrame(Type::Offer, 0, 0, json);
}

Bytes encode(const Accept& accept) {
  std::string runs;
  for (const auto& [first, last] : accept.files) {
    runs += (runs.empty() ? "[" : ",[") + std::to_string(first) + "," + std::to_string(last) + "]";
  }
  JsonWriter json;
  json.addRaw("files", "[" + runs + "]").addRaw("horizon", std::to_string(accept.horizon));
  return makeFrame(Type::Accept, 0, 0, json.text());
}

Bytes encode(const Reject& reject) {
  return makeFrame(Type::Reject, 0, 0, textOf(reject.fault).text());
}

Bytes encode(const Hashes& hashes) {
  Bytes body;
  for (const auto& hash : hashes.hashes) body.insert(body.end(), hash.begin(), hash.end());
  return makeFrame(Type::Hashes, hashes.file, hashes.first, View(body));
}

Bytes encode(const Data& data) {
  return makeFrame(Type::Data, data.file, data.offset, data.bytes);
}

Bytes encode(const Block& block) {
  Bytes body;
  appendU32(body, block.length);
  body.insert(body.end(), block.hash.begin(), block.hash.end());
  return makeFrame(Type::Block, block.file, block.offset, View(body));
}

Bytes encode(const FileEnd& end) {
  return makeFrame(Type::FileEnd, end.file, end.size, View(end.root));
}

Bytes encode(const Arrived& arrived) {
  return makeFrame(Type::Arrived, 0, arrived.bytes);
}

Bytes encode(const Stored& stored) {
  Bytes body;
  appendU64(body, stored.horizon);
  for (const auto& name : stored.blocks) {
    appendU32(body, name.file);
    appendU32(body, static_cast<std::uint32_t>(name.block));
  }
  return makeFrame(Type::Stored, 0, stored.total, View(body));
}

Bytes encode(const Again& again) {
  return makeFrame(Type::Again, again.block.file, again.block.block);
}

Bytes encode(const Pause&) {
  return makeFrame(Type::Pause, 0, 0);
}

Bytes encode(const Resume&) {
  return makeFrame(Type::Resume, 0, 0);
}

Bytes encode(const Cancel& cancel) {
  auto json = textOf(cancel.fault);
  if (cancel.keep) json.add("keep", true);
  return makeFrame(Type::Cancel, 0, 0, json.text());
}

Bytes encode(const FileFailed& failed) {
  return makeFrame(Type::FileFailed, failed.file, 0, textOf(failed.fault).text());
}

Bytes encode(const Done&) {
  return makeFrame(Type::Done, 0, 0);
}

Bytes encode(const DoneAck& ack) {
  return makeFrame(Type::DoneAck, 0, ack.whole);
}

Bytes encode(const DoneSeen&) {
  return makeFrame(Type::DoneSeen, 0, 0);
}

Bytes encode(const Ping& ping) {
  return makeFrame(Type::Ping, 0, ping.token);
}

Bytes encode(const Pong& pong) {
  return makeFrame(Type::Pong, 0, pong.token);
}

}  // namespace rtc::core::file
