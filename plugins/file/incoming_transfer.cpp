// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/file/incoming_transfer.hpp"

#include <utility>

#include "plugins/file/sha256.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_file_debug);
#define GST_CAT_DEFAULT rtc_file_debug

namespace rtc {

using core::file::Code;
using core::file::Fault;
using core::file::FileId;
using core::file::Receiver;
using core::file::State;

namespace {

constexpr Duration kTellEach{500};

}  // namespace

IncomingTransfer::IncomingTransfer(TaskThread& thread, std::string peer, core::file::Limits limits,
                                   std::shared_ptr<BlockStore> store, const Listener& listener)
    : listener_(listener),
      engine_(limits, sha256, clock_),
      store_(std::move(store)),
      mailbox_(std::make_shared<Mailbox<IncomingTransfer>>(thread, *this)),
      disk_("rtc-file-write") {
  news_.peer = std::move(peer);
  news_.incoming = true;
}

IncomingTransfer::~IncomingTransfer() {
  mailbox_->close();
  if (!closed_) disk_.post([store = store_] { store->close(false); });
}

void IncomingTransfer::addChannel(core::file::LinkId link, std::shared_ptr<DataChannel> channel) {
  channels_[link] = std::move(channel);
  interrupted_.reset();
  step(core::file::LinkUp{link});
}

void IncomingTransfer::dropChannel(core::file::LinkId link) {
  if (channels_.erase(link) != 0) step(core::file::LinkDown{link});
}

void IncomingTransfer::hear(core::file::LinkId link, core::file::View message) {
  step(core::file::Heard{link, message});
}

void IncomingTransfer::acceptAll() {
  std::vector<FileId> files;
  for (FileId id = 0; id < offer().entries.size(); ++id) files.push_back(id);
  accept(files);
}

void IncomingTransfer::accept(const std::vector<FileId>& files) {
  if (engine_.state() != State::Offered || !planned_) return;
  Receiver::Accepts accepts;
  for (const auto id : files) {
    if (plan_.refused.count(id) == 0) accepts.files.push_back(id);
  }
  if (accepts.files.empty()) {
    decline(plan_.refused.empty() ? Fault{Code::Declined, "declined"} : plan_.refused.begin()->second);
    return;
  }
  accepts.claims = std::move(plan_.claims);
  for (const auto& [id, fault] : plan_.refused) carryOut(core::file::FileOver{id, fault});
  step(accepts);
}

void IncomingTransfer::decline(Fault fault) {
  step(Receiver::Declines{std::move(fault)});
}

void IncomingTransfer::tick() {
  step(core::file::Tick{});
  if (engine_.state() == State::Running && clock_.now() - told_ >= kTellEach) tell();
}

// --- The engine ------------------------------------------------------------------------------------------------------

void IncomingTransfer::step(const core::file::Receiver::Event& event) {
  auto actions = engine_.on(event);
  for (auto& action : actions) {
    std::visit([this](auto& wanted) { carryOut(wanted); }, action);
  }
  if (!over() || std::exchange(closed_, true)) return;
  disk_.post([store = store_, complete = engine_.complete() && news_.failed == 0] { store->close(complete); });
}

void IncomingTransfer::carryOut(core::file::Send& send) {
  const auto found = channels_.find(send.link);
  if (found == channels_.end()) return;
  const std::string_view text(reinterpret_cast<const char*>(send.message.data()), send.message.size());
  if (const auto sent = found->second->send(DataMessage::copyOf(text, false)); !sent) {
    GST_DEBUG("%s", sent.error().message.c_str());
  }
}

void IncomingTransfer::carryOut(const Receiver::ShowOffer&) {
  news_.id = core::file::hex(offer().id);
  news_.files = offer().entries.size();
  news_.name = core::file::shown(offer().entries.front().path);
  plan_ = {};
  planned_ = false;
  disk_.post([mail = mailbox_, store = store_, offer = offer(), peer = news_.peer, number = ++offer_number_] {
    auto plan = store->plan(offer, peer);
    mail->post([plan = std::move(plan), number](IncomingTransfer& self) mutable {
      if (number != self.offer_number_) return;
      self.planned_ = true;
      self.plan_ = std::move(plan);
      if (self.plan_.refused_whole) {
        self.decline(*self.plan_.refused_whole);
      } else if (self.plan_.refused.size() == self.offer().entries.size()) {
        self.decline(self.plan_.refused.begin()->second);
      } else {
        self.listener_.on_offer(self);
      }
    });
  });
}

void IncomingTransfer::carryOut(Receiver::Store& block) {
  auto owned = std::make_shared<Receiver::Store>(std::move(block));
  disk_.post([mail = mailbox_, store = store_, owned, number = offer_number_] {
    store->store(std::move(*owned), [mail, number](Receiver::BlockOver over) {
      mail->post([over = std::move(over), number](IncomingTransfer& self) {
        if (number == self.offer_number_) self.step(over);
      });
    });
  });
}

void IncomingTransfer::carryOut(const Receiver::Finish& finish) {
  disk_.post([mail = mailbox_, store = store_, finish, number = offer_number_] {
    store->finish(finish.file, finish.size, [mail, number](Receiver::FileFinished finished) {
      mail->post([finished = std::move(finished), number](IncomingTransfer& self) {
        if (number == self.offer_number_) self.step(finished);
      });
    });
  });
  // Behind what is queued already: many files that finish together are settled together.
  disk_.postIdle([store = store_] { store->settle(); });
}

void IncomingTransfer::carryOut(const Receiver::Abandon& abandon) {
  disk_.post([store = store_, abandon] { store->abandon(abandon.file, abandon.keep); });
}

void IncomingTransfer::carryOut(const Receiver::Drop& drop) {
  const auto found = channels_.find(drop.link);
  if (found == channels_.end()) return;
  const auto channel = std::exchange(found->second, nullptr);
  channels_.erase(found);
  channel->close();
}

void IncomingTransfer::carryOut(const core::file::Changed& changed) {
  news_.fault = changed.fault;
  news_.fault.text = core::file::shown(news_.fault.text);
  if (changed.state == State::Interrupted) interrupted_ = clock_.now();
  tell();
}

void IncomingTransfer::carryOut(const core::file::PauseChanged& paused) {
  news_.paused_here = paused.ours;
  news_.paused_there = paused.theirs;
  tell();
}

void IncomingTransfer::carryOut(const core::file::FileOver& over) {
  ++(over.fault ? news_.failed : news_.whole);
  auto fault = over.fault;
  if (fault) fault->text = core::file::shown(fault->text);
  listener_.on_file({news_.id, news_.peer, true, over.file, offer().entries[over.file].path, fault});
}

void IncomingTransfer::tell() {
  news_.state = engine_.state();
  news_.progress = engine_.progress();
  news_.lanes = channels_.size();
  told_ = clock_.now();
  listener_.on_news(news_);
}

}  // namespace rtc
