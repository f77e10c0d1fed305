// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/file_receiving.hpp"

#include <algorithm>

#include "plugins/file/call_end.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_file_debug);
#define GST_CAT_DEFAULT rtc_file_debug

namespace rtc {

using core::file::Code;
using core::file::LinkId;
using core::file::State;

namespace {

constexpr Duration kTick{25};
/// Channels for files that one session holds open, so that nobody makes us hold any number.
constexpr std::size_t kMostChannels = 64;
/// Whoever asks on regardless is not listening: its channel is closed.
constexpr unsigned kMostRefusals = 8;

core::file::View bytesOf(const DataMessage& message) {
  const auto text = message.view();
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

FileReceiving::FileReceiving(Session& session, Options options, IncomingTransfer::Listener listener)
    : session_(session), options_(std::move(options)), listener_(std::move(listener)) {}

FileReceiving::~FileReceiving() {
  for (const auto& [link, channel] : channels_) channel.channel->listen({});
}

void FileReceiving::callChanged(const std::string& user, const std::string& state, const std::string& reason) {
  // A sender that hangs up says CANCEL, but on a slow path the end of the call overtakes it.
  if (state != "ended" || !isDecision(reason)) return;
  for (const auto& transfer : transfers_) {
    if (transfer->peer() != user || transfer->state() != State::Interrupted) continue;
    transfer->cancel({Code::Cancelled, "the other side hung up"}, true);
  }
}

IncomingTransfer* FileReceiving::find(const std::string& id) {
  const auto found =
      std::find_if(transfers_.begin(), transfers_.end(), [&](const auto& each) { return each->id() == id; });
  return found == transfers_.end() ? nullptr : found->get();
}

bool FileReceiving::channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) {
  const auto& wanted = channel->options();
  if (!channel->incoming() || wanted.protocol != kFileProtocol || channels_.size() >= kMostChannels) return false;
  const auto link = next_link_++;
  channels_[link] = {channel, call.user(), nullptr};
  DataChannel::Listener listener;
  listener.on_state = [this, link](DataChannel::State state, const std::string&) {
    if (state == DataChannel::State::Closed) lost(link);
  };
  listener.on_message = [this, link](const DataMessage& message) { heard(link, message); };
  channel->listen(std::move(listener));
  if (!tick_.pending()) tick();
  return true;
}

void FileReceiving::dataEnds(CallData& call) {
  // Its channels have told that they are closed; what remains belongs to other calls.
  GST_DEBUG("no more files in the call with %s", call.user().c_str());
}

void FileReceiving::heard(LinkId link, const DataMessage& message) {
  const auto found = channels_.find(link);
  if (found == channels_.end() || message.text) return;
  auto& channel = found->second;
  const auto bytes = bytesOf(message);
  const auto frame = core::file::parseFrame(bytes);
  const bool greets = frame && frame->type == static_cast<std::uint8_t>(core::file::Type::Hello);
  if (channel.transfer == nullptr || (channel.transfer->over() && greets)) {
    // Until a greeting, what comes belongs to a transfer that is over.
    if (!greets) return;
    const auto hello = core::file::decode(bytes);
    if (!hello) return;
    const auto& greeting = std::get<core::file::Hello>(*hello);
    const auto transfer = sort(channel, greeting);
    if (!transfer) {
      refuse(channel, greeting, transfer.error().message);
      return;
    }
    channel.transfer = transfer.value();
    channel.refusals = 0;
    channel.transfer->addChannel(link, channel.channel);
  }
  channel.transfer->hear(link, bytes);
}

Result<IncomingTransfer*> FileReceiving::sort(const Channel& channel, const core::file::Hello& hello) {
  tidy();
  for (const auto& transfer : transfers_) {
    if (transfer->peer() != channel.user || transfer->over()) continue;
    if (hello.lane_of) {
      if (transfer->id() == core::file::hex(*hello.lane_of)) return transfer.get();
    } else if (transfer->state() == State::Interrupted) {
      return transfer.get();
    }
  }
  if (hello.lane_of) return Error{"the lane is of no transfer that is under way"};
  if (transfers_.size() >= options_.at_once) return Error{"another transfer is under way"};
  if (!rate_.allows(channel.user, SteadyClock().now())) return Error{"too many offers in a short time"};
  transfers_.push_back(std::make_unique<IncomingTransfer>(session_.thread(), channel.user, options_.limits,
                                                          options_.make_store(), listener_));
  return transfers_.back().get();
}

void FileReceiving::refuse(Channel& channel, const core::file::Hello& hello, const std::string& why) {
  GST_DEBUG("a channel of %s is refused: %s", channel.user.c_str(), why.c_str());
  const auto held = channel.channel;
  channel.transfer = nullptr;
  if (hello.lane_of || ++channel.refusals > kMostRefusals) {
    held->close();
    return;
  }
  const core::file::Fault busy{Code::Busy, why};
  for (const auto& message :
       {core::file::encode(core::file::Hello{}, false), core::file::encode(core::file::Cancel{busy, true})}) {
    const std::string_view text(reinterpret_cast<const char*>(message.data()), message.size());
    if (const auto sent = held->send(DataMessage::copyOf(text, false)); !sent) return;
  }
}

void FileReceiving::lost(LinkId link) {
  const auto found = channels_.find(link);
  if (found == channels_.end()) return;
  auto* transfer = found->second.transfer;
  channels_.erase(found);
  if (transfer != nullptr) transfer->dropChannel(link);
}

void FileReceiving::tidy() {
  // One that is over stays only while a channel of its may still bring what was under way.
  std::erase_if(transfers_, [this](const auto& transfer) {
    if (!transfer->over()) return false;
    for (auto& [link, channel] : channels_) {
      if (channel.transfer == transfer.get()) channel.transfer = nullptr;
    }
    return true;
  });
}

void FileReceiving::tick() {
  const auto now = SteadyClock().now();
  for (const auto& transfer : transfers_) {
    transfer->tick();
    const auto since = transfer->interruptedSince();
    if (!since || now - *since < options_.patience) continue;
    transfer->cancel({Code::Interrupted, "the other side did not come back"}, true);
  }
  tidy();
  if (channels_.empty() && transfers_.empty()) return;
  tick_ = Timer(session_.thread().context(), kTick, [this] { tick(); });
}

}  // namespace rtc
