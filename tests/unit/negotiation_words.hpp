// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A negotiation's events and actions in a few words.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "plugins/core/negotiation.hpp"
#include "tests/support/check.hpp"

namespace rtc::testing {

using N = core::Negotiation;

inline std::string_view word(core::DescriptionType type) {
  return type == core::DescriptionType::Offer ? "offer" : "answer";
}

/// An action in a few words.
struct Said {
  std::string operator()(const N::PrepareSenders& prepare) const {
    std::string text = "prepare";
    for (const auto& line : prepare.lines) {
      text += ' ' + std::to_string(line.mline) + ':' + std::string(rtc::core::word(line.kind)) + ':' +
              std::string(rtc::core::word(line.codec)) + ':' + std::to_string(line.payload_type);
    }
    return text + (prepare.data ? " data" : "");
  }
  std::string operator()(const N::ChangeSenders& change) const {
    std::string text = "change";
    for (const auto& line : change.lines) {
      text += ' ' + std::to_string(line.mline) + ':' + std::string(rtc::core::word(line.codec)) + ':' +
              std::to_string(line.payload_type);
    }
    return text;
  }
  std::string operator()(const N::TellOfMismatch& mismatch) const {
    return "no " + std::string(rtc::core::word(mismatch.kind)) + ": " + mismatch.why;
  }
  std::string operator()(const N::Create& create) const { return "create " + std::string(word(create.type)); }
  std::string operator()(const N::SetLocal& set) const { return "set local " + std::string(word(set.type)); }
  std::string operator()(const N::SetRemote& set) const { return "set remote " + std::string(word(set.type)); }
  std::string operator()(const N::ApplyCandidate& apply) const {
    return "apply " + std::to_string(apply.mline) + " '" + apply.candidate + "'";
  }
  std::string operator()(const N::SignalDescription& signal) const { return "say " + std::string(word(signal.type)); }
  std::string operator()(const N::SignalCandidate& signal) const {
    const auto& [candidate, mid, mline] = signal.candidate;
    return "say '" + candidate + "' " + mid + '/' + (mline ? std::to_string(*mline) : "-");
  }
  std::string operator()(const N::AskForSections& ask) const {
    return "ask for " + std::to_string(ask.sections.video) + " video " + std::to_string(ask.sections.audio) + " audio";
  }
  std::string operator()(const N::Settled& settled) const { return "settled " + std::to_string(settled.sections); }
  std::string operator()(const N::Abandon& abandon) const { return "abandon: " + abandon.why; }
};

inline std::string said(const N::Actions& actions) {
  std::string text;
  for (const auto& action : actions) text += (text.empty() ? "" : "; ") + std::visit(Said{}, action);
  return text;
}

template <typename Action>
Action only(const N::Actions& actions) {
  for (const auto& action : actions) {
    if (const auto* found = std::get_if<Action>(&action)) return *found;
  }
  ck_abort_msg("no such action in: %s", said(actions).c_str());
}

inline N::RemoteDescription offer(std::string_view sdp) {
  return {core::DescriptionType::Offer, std::string(sdp)};
}

inline N::RemoteDescription answer(std::string_view sdp) {
  return {core::DescriptionType::Answer, std::string(sdp)};
}

inline N::RemoteCandidate candidate(std::string text, std::string mid, std::optional<unsigned> mline = {}) {
  return {{std::move(text), std::move(mid), mline}};
}

}  // namespace rtc::testing
