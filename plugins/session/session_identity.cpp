// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The part of the session that deals with who we are to the service: the token, whether others may watch us, and who
// called while we were away.
#include <array>

#include "plugins/session/session.hpp"
#include "plugins/session/session_messages.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

void Session::change(const Settings& settings, Setting setting) {
  thread_.post([this, settings, setting] {
    settings_.take(setting, settings);
    if (!signaler_) return;
    if (setting == Setting::Token) signaler_->setToken(settings_.text(Setting::Token));
    if (setting == Setting::Visible) signaler_->setVisible(settings_.flag(Setting::Visible));
  });
}

void Session::happened(const signaling::TokenWanted& wanted) {
  postToken("expires", wanted.left, {});
  listener_(TokenExpires{wanted.left});
}

void Session::happened(const signaling::TokenAnswered& answered) {
  if (!answered.why.empty())
    GST_WARNING("session %s: the new token is refused: %s", name_.c_str(), answered.why.c_str());
  postToken(answered.why.empty() ? "renewed" : "refused", answered.valid_for, answered.why);
}

void Session::postToken(const char* state, Duration left, const std::string& message) {
  post(tokenMessage(name_, state, left, message));
}

void Session::tellMissed(const signaling::LoggedIn& login) {
  for (const auto& missed : login.missed) post(missedCallMessage(name_, missed));
}

void Session::setLogin(Login login, const std::string& message) {
  constexpr std::array<const char*, 5> kWords = {"none", "connecting", "online", "offline", "failed"};
  login_ = login;
  const auto* state = kWords[static_cast<std::size_t>(login)];
  GST_INFO("session %s: %s %s", name_.c_str(), state, message.c_str());
  post(sessionMessage(name_, state, settings_.text(Setting::User), message));
}

}  // namespace rtc
