// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/core/sctp_packet.hpp"

#include <string>
#include <vector>

#include "tests/support/check.hpp"

using namespace rtc::core;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes packet(std::initializer_list<Bytes> chunks) {
  Bytes all(12, 0x11);
  for (const auto& chunk : chunks) {
    all.insert(all.end(), chunk.begin(), chunk.end());
    while (all.size() % 4 != 0) all.push_back(0);
  }
  return all;
}

Bytes chunk(std::uint8_t type, const Bytes& body) {
  const auto length = body.size() + 4;
  Bytes all = {type, 0, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length & 0xff)};
  all.insert(all.end(), body.begin(), body.end());
  return all;
}

const Bytes kDataChunk = chunk(0, Bytes(17, 0xaa));
const Bytes kSack = chunk(3, Bytes(12, 1));
const Bytes kReset = chunk(130, {0, 13, 0, 18, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1, 0, 0, 0, 2, 0, 5});
const Bytes kResponse = chunk(130, {0, 16, 0, 12, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 1});

Bytes open(std::size_t label, std::size_t protocol, std::size_t there) {
  Bytes message = {3, 0, 0, 0, 0, 0, 0, 0};
  for (const auto length : {label, protocol}) {
    message.push_back(static_cast<std::uint8_t>(length >> 8));
    message.push_back(static_cast<std::uint8_t>(length & 0xff));
  }
  message.resize(message.size() + there, 'x');
  return message;
}

}  // namespace

RTC_TEST(data_is_seen_wherever_it_stands) {
  RTC_ASSERT(contentOf(packet({kDataChunk})).data);
  RTC_ASSERT(contentOf(packet({kSack, kDataChunk})).data);
  RTC_ASSERT(!contentOf(packet({kSack})).data);
}

RTC_TEST(a_request_to_reset_streams_is_told_by_its_number_and_a_response_is_none) {
  RTC_ASSERT(contentOf(packet({kSack, kDataChunk, kReset})).reset_request == 0xdeadbeef);
  RTC_ASSERT(!contentOf(packet({kResponse})).reset_request);
  RTC_ASSERT(!contentOf(packet({kDataChunk})).reset_request);
}

RTC_TEST(every_cut_of_a_packet_is_read_within_its_bounds) {
  const auto whole = packet({kSack, kDataChunk, kReset});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    RTC_ASSERT(!contentOf(cut).reset_request || size >= whole.size() - 14);
  }
}

RTC_TEST(a_chunk_with_an_impossible_length_ends_the_reading) {
  for (const int length : {0, 1, 3}) {
    auto broken = packet({kSack, kReset});
    broken[15] = static_cast<std::uint8_t>(length);
    RTC_ASSERT(!contentOf(broken).reset_request);
  }
}

RTC_TEST(what_opens_a_channel_must_be_whole) {
  RTC_ASSERT(channelControl(open(4, 2, 6)) == ChannelControl::Open);
  RTC_ASSERT(channelControl(open(0, 0, 0)) == ChannelControl::Open);
  RTC_ASSERT(channelControl(open(4, 2, 5)) == ChannelControl::Malformed);
  RTC_ASSERT(channelControl(open(65'535, 65'535, 100)) == ChannelControl::Malformed);
  RTC_ASSERT(channelControl(Bytes{2}) == ChannelControl::Ack);
  RTC_ASSERT(channelControl(Bytes{}) == ChannelControl::Malformed);
  RTC_ASSERT(channelControl(Bytes{3, 0}) == ChannelControl::Malformed);
  RTC_ASSERT(channelControl(Bytes(64, 7)) == ChannelControl::Malformed);
}
