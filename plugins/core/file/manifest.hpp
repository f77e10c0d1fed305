// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a sender offers: files and folders, in their order, and how they are cut into blocks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugins/core/file/bytes.hpp"
#include "plugins/core/file/json.hpp"
#include "plugins/core/file/limits.hpp"
#include "plugins/core/file/path_rules.hpp"

namespace rtc::core::file {

struct Entry {
  enum class Kind { File, Folder, Unknown };

  Kind kind = Kind::File;
  Path path;
  /// Nothing for a stream, whose length is known at its end.
  std::optional<std::uint64_t> size;
  /// Of a stream: what its source believes. For progress only.
  std::optional<std::uint64_t> about;
  std::optional<std::int64_t> mtime;  ///< in milliseconds since 1970
  bool executable = false;

  bool stream() const { return kind == Kind::File && !size; }
};

/// The entry with the number i has the file id i.
struct Offer {
  TransferId id{};
  std::uint32_t block = kUsualBlock;
  std::vector<Entry> entries;

  /// Of the files whose size is known.
  std::uint64_t total() const;
  /// Whether some entry has no size; it is the last one then.
  bool endless() const { return !entries.empty() && entries.back().stream(); }
  std::uint64_t blocksOf(FileId file) const;
  /// The length of a block; that of a stream's is the block size, though its last may be shorter.
  std::uint32_t lengthOf(FileId file, std::uint64_t block) const;
};

/// The JSON texts of the messages that make up the offer.
std::vector<std::string> encode(const Offer& offer);

/// Puts the pages of an offer together, and checks all that can be checked without looking at a disk.
class OfferReader {
 public:
  explicit OfferReader(const Limits& limits) : limits_(limits) {}

  /// Whether the offer is complete with this page. An error is the other side's breach of the protocol.
  Result<bool> add(const Json& page, std::size_t bytes);
  Offer take() { return std::move(offer_); }

 private:
  std::optional<Error> addEntry(const Json& entry);

  const Limits limits_;
  Offer offer_;
  std::size_t bytes_ = 0;
  std::uint64_t total_ = 0;
  bool begun_ = false;
};

std::string hex(View bytes);
std::optional<TransferId> transferIdFrom(std::string_view hex);

}  // namespace rtc::core::file
