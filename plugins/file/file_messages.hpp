// SPDX-License-Identifier: LGPL-2.1-or-later
//
// `rtc-file`, the element message that tells of transfers (docs/elements.md).
#pragma once

#include "plugins/file/incoming_transfer.hpp"
#include "plugins/file/transfer_news.hpp"
#include "plugins/session/gst_ptr.hpp"

namespace rtc {

Ptr<GstStructure> structureOf(const TransferNews& news);
/// `place`: where the file is, on the side that received it.
Ptr<GstStructure> structureOf(const FileNews& news, const std::string& place);
/// An offer that waits for its answer: with the first names and sizes.
Ptr<GstStructure> structureOf(const IncomingTransfer& transfer);

void postFileMessage(GstElement* element, Ptr<GstStructure> structure);

/// Whether the transfer ended as both sides wanted.
inline bool endedWell(const TransferNews& news) {
  return news.state == core::file::State::Done && news.failed == 0;
}

/// A sentence for a person that says how it ended.
std::string sentenceFor(const TransferNews& news);

}  // namespace rtc
