// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/presence_watch.hpp"

#include <glib-unix.h>

#include <memory>
#include <string>

#include "app/token_file.hpp"
#include "app/visitor.hpp"
#include "base/ptr.hpp"
#include "signaling/client/websocket_signaler.hpp"
#include "signaling/protocol/presence_state.hpp"

namespace rtc::app {

namespace {

class PresenceWatch {
 public:
  PresenceWatch(const Options& options, Face& face)
      : options_(options),
        face_(face),
        loop_(adopt(g_main_loop_new(nullptr, FALSE))),
        signaler_(signaling::makeWebSocketSignaler(visitorOf(options))) {}

  ExitStatus run() {
    const guint signals[] = {g_unix_signal_add(SIGINT, interrupt, this), g_unix_signal_add(SIGTERM, interrupt, this)};
    signaler_->start([this](const signaling::SignalerEvent& event) {
      actAsVisitor(*signaler_, event, face_);
      std::visit([this](const auto& what) { happened(what); }, event);
    });
    g_main_loop_run(loop_.get());
    signaler_->stop();
    for (const guint signal : signals) g_source_remove(signal);
    return status_;
  }

 private:
  static gboolean interrupt(gpointer self) noexcept {
    g_main_loop_quit(static_cast<PresenceWatch*>(self)->loop_.get());
    return G_SOURCE_CONTINUE;
  }

  void happened(const signaling::Online& online) {
    if (online.login.resumed) return;  // the service still has our list
    signaler_->request(signaling::Watch{options_.watch}, [this](const signaling::Reply& reply) {
      const auto* list = reply ? std::get_if<signaling::PresenceList>(&reply.value().body) : nullptr;
      if (list == nullptr) {
        fail("The service does not tell how it stands with them: " +
             (reply ? std::string("its answer is empty") : reply.error().message));
        return;
      }
      for (const auto& each : list->presence) show(each);
    });
  }
  void happened(const signaling::Offline& offline) {
    face_.show(SessionEvent{"offline", options_.user, options_.server, offline.why});
  }
  void happened(const signaling::Failed& failed) { fail(failed.why); }
  void happened(const signaling::TokenWanted&) {
    if (options_.token_file.empty()) return;
    if (auto token = readToken(options_.token_file)) signaler_->setToken(std::move(token).value());
  }
  void happened(const signaling::TokenAnswered&) {}
  void happened(const signaling::Received& received) {
    if (const auto* changed = std::get_if<signaling::PresenceChanged>(&received.message)) show(changed->presence);
  }

  void show(const signaling::UserPresence& presence) {
    face_.show(PresenceEvent{presence.user, std::string(signaling::word(presence.state))});
  }
  void fail(const std::string& why) {
    face_.show(ErrorEvent{why});
    status_ = ExitStatus::Unreachable;
    g_main_loop_quit(loop_.get());
  }

  const Options& options_;
  Face& face_;
  const Ptr<GMainLoop> loop_;
  const std::unique_ptr<signaling::Signaler> signaler_;
  ExitStatus status_ = ExitStatus::EndedWell;
};

}  // namespace

ExitStatus watchUsers(const Options& options, Face& face) {
  return PresenceWatch(options, face).run();
}

}  // namespace rtc::app
