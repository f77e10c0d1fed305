// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Where nothing can be stored: the folder has gone since the element started. Every offer is declined with the reason.
#pragma once

#include "plugins/file/block_store.hpp"

namespace rtc {

class NoStore final : public BlockStore {
 public:
  explicit NoStore(std::string why) : why_(std::move(why)) {}

  Plan plan(const core::file::Offer&, const std::string&) override {
    Plan plan;
    plan.refused_whole = {core::file::Code::Io, why_};
    return plan;
  }
  void store(core::file::Receiver::Store, std::function<void(core::file::Receiver::BlockOver)>) override {}
  void finish(core::file::FileId, std::uint64_t, std::function<void(core::file::Receiver::FileFinished)>) override {}
  void abandon(core::file::FileId, bool) override {}

 private:
  const std::string why_;
};

}  // namespace rtc
