// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/reason.hpp"

#include <array>
#include <utility>

namespace rtc::signaling {

namespace {

constexpr std::array<std::pair<Reason, std::string_view>, kReasons> kWords = {{
    {Reason::Hangup, "hangup"},
    {Reason::Declined, "declined"},
    {Reason::Busy, "busy"},
    {Reason::Timeout, "timeout"},
    {Reason::Cancelled, "cancelled"},
    {Reason::Unavailable, "unavailable"},
    {Reason::AnsweredElsewhere, "answered_elsewhere"},
    {Reason::GlareLost, "glare_lost"},
    {Reason::IceFailed, "ice_failed"},
    {Reason::MediaFailed, "media_failed"},
    {Reason::PeerLost, "peer_lost"},
    {Reason::FingerprintMismatch, "fingerprint_mismatch"},
    {Reason::Replaced, "replaced"},
    {Reason::ServerShutdown, "server_shutdown"},
}};

}  // namespace

std::string_view word(Reason reason) {
  for (const auto& [known, text] : kWords) {
    if (known == reason) return text;
  }
  return "hangup";
}

std::optional<Reason> reasonOf(std::string_view text) {
  for (const auto& [reason, known] : kWords) {
    if (known == text) return reason;
  }
  return std::nullopt;
}

}  // namespace rtc::signaling
