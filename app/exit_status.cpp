// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/exit_status.hpp"

#include "signaling/protocol/reason.hpp"

namespace rtc::app {

ExitStatus exitStatusFor(std::string_view reason_word) {
  using signaling::Reason;
  const auto reason = signaling::reasonOf(reason_word);
  if (!reason) return ExitStatus::Failed;
  switch (*reason) {
    case Reason::Hangup:
    case Reason::Cancelled:
    case Reason::AnsweredElsewhere:
    case Reason::GlareLost:
    case Reason::Replaced:
      return ExitStatus::EndedWell;
    case Reason::Declined:
    case Reason::Busy:
      return ExitStatus::Refused;
    case Reason::Unavailable:
    case Reason::Timeout:
      return ExitStatus::Unreachable;
    case Reason::IceFailed:
    case Reason::MediaFailed:
    case Reason::PeerLost:
    case Reason::FingerprintMismatch:
    case Reason::ServerShutdown:
      return ExitStatus::Failed;
  }
  return ExitStatus::Failed;
}

}  // namespace rtc::app
