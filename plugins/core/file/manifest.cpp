// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/file/manifest.hpp"

#include <algorithm>

#include "signaling/protocol/json_writer.hpp"

namespace rtc::core::file {

namespace {

using signaling::JsonWriter;

std::string textOf(const Entry& entry) {
  std::string path;
  for (const auto& part : entry.path) path += (path.empty() ? "" : ",") + signaling::quoted(part);
  JsonWriter json;
  const bool folder = entry.kind == Entry::Kind::Folder;
  json.add("type", entry.kind == Entry::Kind::File ? "file" : folder ? "folder" : "unknown");
  json.addRaw("path", "[" + path + "]");
  if (entry.kind == Entry::Kind::File) json.addRaw("size", entry.size ? std::to_string(*entry.size) : "null");
  if (entry.about) json.addRaw("about", std::to_string(*entry.about));
  if (entry.mtime) json.addRaw("mtime", std::to_string(*entry.mtime));
  if (entry.executable) json.add("executable", true);
  return json.text();
}

std::string pageOf(const Offer& offer, const std::string& entries, bool more) {
  JsonWriter json;
  json.add("transfer", hex(offer.id)).addRaw("block", std::to_string(offer.block)).addRaw("files", "[" + entries + "]");
  if (more) json.add("more", true);
  return json.text();
}

Error breach(std::string what) {
  return Error{"The other side's offer breaks the protocol: " + std::move(what) + "."};
}

bool isPowerOfTwo(std::uint64_t number) {
  return number != 0 && (number & (number - 1)) == 0;
}

}  // namespace

std::uint64_t Offer::total() const {
  std::uint64_t sum = 0;
  for (const auto& entry : entries) sum += entry.size.value_or(0);
  return sum;
}

std::uint64_t Offer::blocksOf(FileId file) const {
  const auto& entry = entries[file];
  if (entry.kind != Entry::Kind::File) return 0;
  if (!entry.size) return kMostBlocks;
  return *entry.size / block + (*entry.size % block != 0 ? 1 : 0);
}

std::uint32_t Offer::lengthOf(FileId file, std::uint64_t number) const {
  const auto& size = entries[file].size;
  if (!size) return block;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(block, *size - number * block));
}

std::vector<std::string> encode(const Offer& offer) {
  constexpr std::size_t kRoom = kLargestJson - 256;
  std::vector<std::string> pages;
  std::string entries;
  for (const auto& entry : offer.entries) {
    auto text = textOf(entry);
    if (!entries.empty() && entries.size() + text.size() > kRoom) {
      pages.push_back(pageOf(offer, entries, true));
      entries.clear();
    }
    entries += (entries.empty() ? "" : ",") + text;
  }
  pages.push_back(pageOf(offer, entries, false));
  return pages;
}

Result<bool> OfferReader::add(const Json& page, std::size_t bytes) {
  bytes_ += bytes;
  if (bytes_ > limits_.offer_bytes) return breach("it is too long");
  const auto id = transferIdFrom(page.text("transfer"));
  const auto block = page.number("block");
  if (!id || !block) return breach("it has no transfer or no block");
  if (*block < kSmallestBlock || *block > kLargestBlock || !isPowerOfTwo(*block))
    return breach("its block size is none");
  if (begun_ && (*id != offer_.id || *block != offer_.block)) return breach("its pages contradict each other");
  begun_ = true;
  offer_.id = *id;
  offer_.block = static_cast<std::uint32_t>(*block);
  const auto* files = page.find("files");
  const auto* entries = files == nullptr ? nullptr : files->array();
  if (entries == nullptr) return breach("it has no list of files");
  for (const auto& entry : *entries) {
    if (auto error = addEntry(entry)) return *error;
  }
  if (page.flag("more")) return false;
  if (offer_.entries.empty()) return breach("there is nothing in it");
  return true;
}

std::optional<Error> OfferReader::addEntry(const Json& json) {
  if (offer_.entries.size() >= limits_.entries) return breach("it has too many files");
  if (offer_.endless()) return breach("a file without a size is not the last one");
  if (json.object() == nullptr) return breach("an entry is no object");
  Entry entry;
  const auto type = json.text("type");
  entry.kind = type == "file" ? Entry::Kind::File : type == "folder" ? Entry::Kind::Folder : Entry::Kind::Unknown;
  const auto* path = json.find("path");
  if (path == nullptr || path->array() == nullptr) return breach("an entry has no path");
  for (const auto& part : *path->array()) {
    const auto* text = std::get_if<std::string>(&part.value);
    if (text == nullptr) return breach("a part of a path is no text");
    entry.path.push_back(*text);
  }
  if (entry.kind == Entry::Kind::File) {
    const auto* size = json.find("size");
    if (size == nullptr) return breach("a file has no size, not even null");
    entry.size = size->asNumber();
    if (!size->isNull() && !entry.size) return breach("a size is no whole number below 2^53");
    if (entry.size && *entry.size / offer_.block >= kMostBlocks) return breach("a file has more than 2^20 blocks");
    if (entry.size && *entry.size > kLargestSize - total_) return breach("the sizes sum up to too much");
    total_ += entry.size.value_or(0);
    entry.about = json.number("about");
    entry.executable = json.flag("executable");
  }
  if (const auto mtime = json.number("mtime")) entry.mtime = static_cast<std::int64_t>(*mtime);
  offer_.entries.push_back(std::move(entry));
  return std::nullopt;
}

std::string hex(View bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) text += {kDigits[byte >> 4U], kDigits[byte & 15U]};
  return text;
}

std::optional<TransferId> transferIdFrom(std::string_view text) {
  TransferId id{};
  if (text.size() != id.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = std::string_view("0123456789abcdef").find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    id[i / 2] = static_cast<std::uint8_t>(id[i / 2] * 16 + digit);
  }
  return id;
}

}  // namespace rtc::core::file
