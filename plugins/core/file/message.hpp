// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The vocabulary of `rtcfile/1` as values (docs/file-protocol.md), and its codec.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "plugins/core/file/fault.hpp"
#include "plugins/core/file/frame.hpp"
#include "plugins/core/file/json.hpp"

namespace rtc::core::file {

/// The first message of both sides on every channel.
struct Hello {
  bool understood = false;                        ///< one of its versions is ours
  std::size_t largest = kDataSize + kHeaderSize;  ///< message that its sender takes
  std::optional<TransferId> lane_of;              ///< the channel carries blocks of that transfer, and no offer
  std::string agent;
};
struct OfferPage {
  Json json;
  std::size_t bytes = 0;
};
/// Files of these ids; the others are declined. Claims came before, in `Hashes`.
struct Accept {
  std::vector<std::pair<FileId, FileId>> files;  ///< first and last of each run
  std::uint64_t horizon = 0;
};
struct Reject {
  Fault fault;
};
/// The receiver has blocks of the file already, from `first` on, with these hashes.
struct Hashes {
  FileId file = 0;
  std::uint64_t first = 0;
  std::vector<Hash> hashes;
};
struct Data {
  FileId file = 0;
  std::uint64_t offset = 0;
  View bytes;  ///< points into the message
};
struct Block {
  FileId file = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  Hash hash{};
};
struct FileEnd {
  FileId file = 0;
  std::uint64_t size = 0;
  Hash root{};
};
/// How many bytes of DATA have come in on this channel, since its beginning.
struct Arrived {
  std::uint64_t bytes = 0;
};
struct BlockName {
  FileId file = 0;
  std::uint64_t block = 0;
  auto operator<=>(const BlockName&) const = default;
};
/// Blocks that are checked and stored now; the sum of all that is; how far the sender may go.
struct Stored {
  std::uint64_t total = 0;
  std::uint64_t horizon = 0;
  std::vector<BlockName> blocks;
};
/// A block came damaged: once more.
struct Again {
  BlockName block;
};
struct Pause {};
struct Resume {};
struct Cancel {
  Fault fault;
  bool keep = false;  ///< what has come, to go on another time
};
/// One file is given up; the others go on.
struct FileFailed {
  FileId file = 0;
  Fault fault;
};
struct Done {};
struct DoneAck {
  std::uint32_t whole = 0;  ///< files that are there, checked, under their names
};
struct DoneSeen {};
struct Ping {
  std::uint64_t token = 0;
};
struct Pong {
  std::uint64_t token = 0;
};
/// Of a later version, and not needed.
struct Ignorable {};

using Message = std::variant<Hello, OfferPage, Accept, Reject, Hashes, Data, Block, FileEnd, Arrived, Stored, Again,
                             Pause, Resume, Cancel, FileFailed, Done, DoneAck, DoneSeen, Ping, Pong, Ignorable>;

/// Nothing if the bytes are no message of this protocol.
std::optional<Message> decode(View message);
/// The others belong on the channel of the offer.
bool mayPassOnLane(const Message& message);

Bytes encode(const Hello& hello, bool sends);
Bytes encodeOfferPage(const std::string& json);
Bytes encode(const Accept& accept);
Bytes encode(const Reject& reject);
Bytes encode(const Hashes& hashes);
Bytes encode(const Data& data);
Bytes encode(const Block& block);
Bytes encode(const FileEnd& end);
Bytes encode(const Arrived& arrived);
Bytes encode(const Stored& stored);
Bytes encode(const Again& again);
Bytes encode(const Pause&);
Bytes encode(const Resume&);
Bytes encode(const Cancel& cancel);
Bytes encode(const FileFailed& failed);
Bytes encode(const Done&);
Bytes encode(const DoneAck& ack);
Bytes encode(const DoneSeen&);
Bytes encode(const Ping& ping);
Bytes encode(const Pong& pong);

/// What fits into one message of the usual size.
inline constexpr std::size_t kHashesInMessage = 500;
inline constexpr std::size_t kBlocksInMessage = 1'000;

}  // namespace rtc::core::file
