// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/file_sending.hpp"

#include <algorithm>

#include "plugins/file/call_end.hpp"
#include "plugins/file/sha256.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_file_debug);
#define GST_CAT_DEFAULT rtc_file_debug

namespace rtc {

using core::file::Code;
using core::file::Fault;
using Engine = core::file::Sender;
using core::file::State;

namespace {

constexpr core::file::LinkId kMain = 0;
constexpr Duration kTellEach{500};
constexpr Duration kLongestTry{8'000};

core::ChannelOptions channelOptions() {
  core::ChannelOptions options;
  options.label = "files";
  options.protocol = kFileProtocol;
  return options;
}

/// What the end of a call that somebody has decided on makes of a transfer.
Code codeOf(const std::string& reason) {
  if (reason == "declined") return Code::Declined;
  if (reason == "busy") return Code::Busy;
  // Whoever hangs up says CANCEL, but on a slow path the end of the call overtakes it.
  return reason == "hangup" || reason == "cancelled" ? Code::Cancelled : Code::Interrupted;
}

}  // namespace

FileSending::FileSending(Session& session, Options options, Listener listener)
    : session_(session),
      options_(std::move(options)),
      listener_(std::move(listener)),
      mailbox_(std::make_shared<Mailbox<FileSending>>(session.thread(), *this)),
      disk_("rtc-file-read") {}

FileSending::~FileSending() {
  for (const auto& [link, channel] : channels_) channel->listen({});
  mailbox_->close();
}

// --- From the element ------------------------------------------------------------------------------------------------

void FileSending::send(core::file::Offer offer, std::shared_ptr<BlockSource> source, bool rereadable) {
  waiting_.push_back({std::move(offer), std::move(source), rereadable});
  if (engine_ == nullptr) begin();
}

void FileSending::pause() {
  step(core::file::UserPauses{});
}

void FileSending::resume() {
  step(core::file::UserResumes{});
}

void FileSending::cancel(Fault fault) {
  step(core::file::UserCancels{std::move(fault), true});
}

void FileSending::begin() {
  if (waiting_.empty()) return;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  source_ = std::move(job.source);
  news_ = {};
  news_.id = core::file::hex(job.offer.id);
  news_.peer = call_ != nullptr ? call_->user() : options_.peer;
  news_.files = job.offer.entries.size();
  news_.name = core::file::shown(job.offer.entries.front().path);
  auto options = options_.engine;
  options.rereadable = job.rereadable;
  engine_ = std::make_unique<Engine>(std::move(job.offer), options, sha256, clock_);
  alone_since_.reset();
  tries_again_ = false;
  tell();
  const auto main = channels_.find(kMain);
  if (main != channels_.end() && main->second->state() == DataChannel::State::Open) {
    step(core::file::LinkUp{kMain});
  } else if (call_ != nullptr) {
    openChannel();
  }
  tick();
}

void FileSending::end() {
  closeLanes();
  engine_.reset();
  source_.reset();
  tick_.cancel();
  again_.cancel();
  begin();
}

// --- The call --------------------------------------------------------------------------------------------------------

void FileSending::dataBegins(CallData& call) {
  if (call_ != nullptr) return;
  if (!options_.peer.empty() && call.user() != options_.peer) return;
  call_ = &call;
  news_.peer = call.user();
  if (engine_ != nullptr) openChannel();
}

void FileSending::dataEnds(CallData& call) {
  if (call_ != &call) return;
  call_ = nullptr;
  closeLanes();
  channelChanged(kMain, DataChannel::State::Closed, "the call is over");
}

void FileSending::openChannel() {
  if (channels_.count(kMain) != 0) return;
  auto opened = call_->open(channelOptions(), this);
  if (!opened) {
    GST_WARNING("no channel for files: %s", opened.error().message.c_str());
    return;
  }
  listen(kMain, *(channels_[kMain] = std::move(opened).value()));
}

void FileSending::openLane() {
  auto opened = call_->openLane(channelOptions(), this);
  if (!opened) {
    GST_INFO("no further lane: %s", opened.error().message.c_str());
    step(Engine::LaneRefused{});
    return;
  }
  const auto link = next_lane_++;
  listen(link, *(channels_[link] = std::move(opened).value()));
}

void FileSending::closeLanes() {
  for (auto& [link, channel] : std::exchange(channels_, {})) {
    if (link == kMain) {
      channels_[kMain] = channel;
    } else {
      channel->listen({});
      channel->close();
    }
  }
}

void FileSending::listen(core::file::LinkId link, DataChannel& channel) {
  DataChannel::Listener listener;
  listener.on_state = [this, link](DataChannel::State state, const std::string& why) {
    channelChanged(link, state, why);
  };
  listener.on_message = [this, link](const DataMessage& message) {
    if (message.text) return;
    const auto bytes = message.view();
    step(core::file::Heard{link, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}});
  };
  channel.listen(std::move(listener));
}

void FileSending::channelChanged(core::file::LinkId link, DataChannel::State state, const std::string& why) {
  if (state == DataChannel::State::Open) {
    if (link == kMain) {
      alone_since_.reset();
      again_.cancel();
      next_try_ = Duration(500);
    }
    step(core::file::LinkUp{link});
    return;
  }
  if (state != DataChannel::State::Closed || channels_.count(link) == 0) return;
  GST_INFO("channel %u for files is closed: %s", link, why.c_str());
  channels_[link]->listen({});  // where only we leave, the call goes on to hold it
  channels_.erase(link);
  if (link == kMain) {
    closeLanes();
    if (engine_ != nullptr && !alone_since_) alone_since_ = clock_.now();
  } else {
    step(Engine::LaneRefused{});
  }
  step(core::file::LinkDown{link});
}

void FileSending::callChanged(const std::string& user, const std::string& state, const std::string& reason) {
  if (state != "ended" || engine_ == nullptr || options_.peer.empty() || user != options_.peer) return;
  const bool begun = engine_->state() != State::Idle;
  if (isDecision(reason) || (!begun && !tries_again_ && !isMishap(reason))) {
    step(core::file::UserCancels{{codeOf(reason), "the call to " + core::file::shown(user) + " ended: " + reason},
                                 true});
    return;
  }
  if (!alone_since_) alone_since_ = clock_.now();
  if (!begun) {
    tries_again_ = true;
    tellOfMishap(reason);
  }
  again_ = Timer(session_.thread().context(), next_try_, [this] { callAgain(); });
  next_try_ = std::min(next_try_ * 2, kLongestTry);
}

/// Of a transfer that has not begun: its engine knows nothing of a connection yet.
void FileSending::tellOfMishap(const std::string& reason) {
  auto news = news_;
  news.state = State::Interrupted;
  news.fault = {Code::Interrupted, "no connection came about: " + reason};
  listener_.on_news(news);
}

void FileSending::callAgain() {
  if (engine_ != nullptr && call_ == nullptr) session_.call(options_.peer);
}

// --- The engine ------------------------------------------------------------------------------------------------------

void FileSending::step(const core::file::Sender::Event& event) {
  if (engine_ == nullptr) return;
  auto actions = engine_->on(event);
  for (auto& action : actions) {
    std::visit([this](auto& wanted) { carryOut(wanted); }, action);
  }
  if (engine_ != nullptr && core::file::isOver(engine_->state()) && !std::exchange(ending_, true)) {
    mailbox_->post([](FileSending& self) {
      self.ending_ = false;
      self.end();
    });
  }
}

void FileSending::carryOut(core::file::Send& send) {
  const auto channel = channels_.find(send.link);
  if (channel == channels_.end()) return;
  auto* bytes = new core::file::Bytes(std::move(send.message));
  const auto free_bytes = [](gpointer owned) noexcept { delete static_cast<core::file::Bytes*>(owned); };
  DataMessage message{false, adopt(g_bytes_new_with_free_func(bytes->data(), bytes->size(), free_bytes, bytes))};
  if (const auto sent = channel->second->send(std::move(message)); !sent) GST_DEBUG("%s", sent.error().message.c_str());
}

void FileSending::carryOut(const Engine::Read& read) {
  disk_.post([mail = mailbox_, source = source_, read, id = news_.id] {
    source->read(read, [mail, read, id](BlockSource::Block block) {
      mail->post([read, id, block = std::move(block)](FileSending& self) {
        if (self.engine_ == nullptr || self.news_.id != id) return;
        if (block.fault) {
          self.step(Engine::ReadFailed{read.name.file, *block.fault});
        } else {
          self.step(Engine::BlockRead{read.name, block.bytes, block.hash, block.last});
        }
      });
    });
  });
}

void FileSending::carryOut(const Engine::WantLanes& lanes) {
  GST_INFO("%zu lanes are wanted, %zu are there", lanes.count, channels_.size());
  while (call_ != nullptr && channels_.size() < lanes.count) {
    const auto before = channels_.size();
    openLane();
    if (channels_.size() == before) return;
  }
}

void FileSending::carryOut(const core::file::Changed& changed) {
  news_.fault = changed.fault;
  if (changed.state != State::Interrupted) news_.fault.text = core::file::shown(news_.fault.text);
  tell();
}

void FileSending::carryOut(const core::file::PauseChanged& paused) {
  news_.paused_here = paused.ours;
  news_.paused_there = paused.theirs;
  tell();
}

void FileSending::carryOut(const core::file::FileOver& over) {
  ++(over.fault ? news_.failed : news_.whole);
  auto fault = over.fault;
  if (fault) fault->text = core::file::shown(fault->text);
  listener_.on_file({news_.id, news_.peer, false, over.file, engine_->offer().entries[over.file].path, fault});
}

void FileSending::tell() {
  news_.state = engine_->state();
  news_.progress = engine_->progress();
  news_.lanes = engine_->lanes();
  told_ = clock_.now();
  listener_.on_news(news_);
}

void FileSending::tick() {
  if (engine_ == nullptr) return;
  step(Engine::Yields{session_.carriesMedia()});
  step(core::file::Tick{});
  if (engine_ == nullptr || core::file::isOver(engine_->state())) return;
  if (alone_since_ && !options_.peer.empty() && clock_.now() - *alone_since_ >= options_.patience) {
    step(core::file::UserCancels{{Code::Interrupted, "there was no connection to the other side for too long"}, true});
    return;
  }
  if (engine_->state() == State::Running && clock_.now() - told_ >= kTellEach) tell();
  tick_ = Timer(session_.thread().context(), engine_->nextTick(), [this] { tick(); });
}

}  // namespace rtc
