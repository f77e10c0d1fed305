// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/file_app.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "app/file_news.hpp"
#include "app/file_progress.hpp"
#include "app/missing_elements.hpp"
#include "app/session_news.hpp"
#include "app/stdin_question.hpp"
#include "app/token_file.hpp"

namespace rtc::app {

namespace {

/// The other side is told of the end in that time.
constexpr Duration kFarewellTime{2'000};
constexpr Duration kStopTime{8'000};
constexpr int kInterrupted = 130;

}  // namespace

struct FileApp::Callbacks {
  static gboolean interrupt(gpointer data) noexcept {
    static_cast<FileApp*>(data)->interrupted();
    return G_SOURCE_CONTINUE;
  }
};

FileApp::FileApp(Options options, Face& face)
    : options_(std::move(options)),
      face_(face),
      loop_(adopt(g_main_loop_new(nullptr, FALSE))),
      questions_(putAtTerminal(face)) {}

Ptr<GstElement> FileApp::makeElement() const {
  auto element = sink(gst_element_factory_make(sends() ? "rtcfilesink" : "rtcfilesrc", "files"));
  if (!element) return element;
  auto* object = G_OBJECT(element.get());
  g_object_set(object, "server", options_.server.c_str(), "user", options_.user.c_str(), nullptr);
  if (!options_.token.empty()) g_object_set(object, "token", options_.token.c_str(), nullptr);
  if (!options_.tls_ca_file.empty()) g_object_set(object, "tls-ca-file", options_.tls_ca_file.c_str(), nullptr);
  g_object_set(object, "recovery-timeout", static_cast<guint>(options_.recovery_timeout) * 1000U, nullptr);
  if (sends()) {
    g_object_set(object, "peer", options_.peer.c_str(), "max-bitrate", static_cast<guint64>(options_.max_bitrate),
                 nullptr);
    gst_util_set_object_arg(object, "accept", "none");
  } else {
    g_object_set(object, "groups", joinedAtCommas(options_.groups).c_str(), "visible", gboolean{options_.visible},
                 nullptr);
    g_object_set(object, "directory", options_.directory.c_str(), "max-transfers", 0U, nullptr);
    gst_util_set_object_arg(object, "offers", options_.ask ? "ask" : "auto");
    gst_util_set_object_arg(object, "conflict", options_.conflict.c_str());
  }
  return element;
}

Result<Done> FileApp::prepare() {
  element_ = makeElement();
  if (!element_) return Error{adviceFor(sends() ? "rtcfilesink" : "rtcfilesrc")};
  auto pipeline = sink(gst_pipeline_new(nullptr));
  gst_bin_add(GST_BIN(pipeline.get()), element_.get());
  host_ = std::make_unique<PipelineHost>(std::move(pipeline), [this](GstMessage* message) { heard(message); });
  return Done{};
}

ExitStatus FileApp::run() {
  if (const auto ready = prepare(); !ready) {
    face_.show(ErrorEvent{ready.error().message});
    return ExitStatus::Failed;
  }
  const guint signals[] = {g_unix_signal_add(SIGINT, Callbacks::interrupt, this),
                           g_unix_signal_add(SIGTERM, Callbacks::interrupt, this),
                           g_unix_signal_add(SIGHUP, Callbacks::interrupt, this)};
  if (const auto started = host_->start(); !started) {
    face_.show(ErrorEvent{started.error().message});
    finish(ExitStatus::Failed);
  } else {
    if (sends()) {
      std::vector<const gchar*> paths;
      for (const auto& file : options_.files) paths.push_back(file.c_str());
      paths.push_back(nullptr);
      gboolean done = FALSE;
      g_signal_emit_by_name(element_.get(), "send-files", paths.data(), &done);
    }
    g_main_loop_run(loop_.get());
  }
  questions_.withdrawAll();
  const bool stopped = host_->stop(kStopTime);
  for (const guint signal : signals) g_source_remove(signal);
  const auto status = status_.value_or(ExitStatus::Failed);
  if (!stopped) {
    // How the transfer ended does not change because taking the pipeline down hangs.
    std::fflush(nullptr);
    ::_exit(static_cast<int>(status));
  }
  return status;
}

// --- What the bus tells ----------------------------------------------------------------------------------------------

void FileApp::heard(GstMessage* message) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
    face_.show(ErrorEvent{errorText(message)});
    finish(ExitStatus::Failed);
    return;
  }
  const auto* structure = gst_message_get_structure(message);
  if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ELEMENT || structure == nullptr) return;
  if (gst_structure_has_name(structure, "rtc-session")) sessionChanged(structure);
  if (gst_structure_has_name(structure, "rtc-call")) callChanged(structure);
  if (gst_structure_has_name(structure, "rtc-missed-call")) face_.show(missedCallEventFrom(structure));
  if (gst_structure_has_name(structure, "rtc-token")) renewToken(structure, options_, element_.get(), face_);
  if (gst_structure_has_name(structure, "rtc-file")) fileChanged(fileEventFrom(structure));
}

void FileApp::sessionChanged(const GstStructure* structure) {
  const auto event = sessionEventFrom(structure, options_);
  face_.show(event);
  if (event.state != "failed") return;
  face_.show(ErrorEvent{event.message});
  finish(ExitStatus::Unreachable);
}

void FileApp::callChanged(const GstStructure* structure) {
  const auto event = callEventFrom(structure);
  face_.show(event);
  if (event.state == "connected") was_connected_ = true;
  if (event.state == "ended") call_reason_ = event.reason;
}

void FileApp::fileChanged(const FileEvent& event) {
  face_.show(event);
  if (event.ofOneFile()) return;
  if (event.state == "asked") ask(event);
  if (event.state == "running") running_.insert(event.transfer);
  // All is here; or nobody knows whether it goes on.
  if (!sends() && (event.state == "confirming" || event.state == "interrupted")) running_.erase(event.transfer);
  if (!event.over()) return;
  questions_.withdraw(event.transfer);
  running_.erase(event.transfer);
  const auto status = statusOf(event);
  if (status != ExitStatus::EndedWell && event.state == "done") face_.show(ErrorEvent{fileLine(event)});
  if (event.state == "cancelled" && event.bytes > 0) {
    face_.show(NoticeEvent{sends() ? "What has arrived is kept over there: run the same command again to go on."
                                   : "What has arrived is kept: it goes on when the same files are sent again."});
  }
  if (sends() || options_.once || interrupts_ > 0) finish(status);
}

ExitStatus FileApp::statusOf(const FileEvent& event) const {
  if (event.state == "done") return event.files_failed == 0 ? ExitStatus::EndedWell : ExitStatus::Failed;
  if (event.state == "rejected" || event.reason == "declined" || event.reason == "busy") return ExitStatus::Refused;
  if (event.reason == "cancelled") return ExitStatus::Cancelled;
  if (!was_connected_ && !call_reason_.empty()) return exitStatusFor(call_reason_);
  return ExitStatus::Failed;
}

void FileApp::ask(const FileEvent& offer) {
  if (!StdinQuestion::canAsk()) {
    face_.show(NoticeEvent{"The files of " + offer.peer +
                           " are declined: somebody must be asked about them, and there is no "
                           "terminal to ask at."});
    answer(offer.transfer, false);
    return;
  }
  questions_.ask(offer.transfer, offerQuestion(offer),
                 [this, transfer = offer.transfer](bool yes) { answer(transfer, yes); });
}

void FileApp::answer(const std::string& transfer, bool yes) {
  gboolean done = FALSE;
  g_signal_emit_by_name(element_.get(), yes ? "accept-offer" : "decline-offer", transfer.c_str(), &done);
}

// --- Ending ----------------------------------------------------------------------------------------------------------

void FileApp::interrupted() {
  if (++interrupts_ > 1) {
    face_.show(ErrorEvent{"Interrupted once more: ending without a good-bye."});
    std::fflush(nullptr);
    ::_exit(kInterrupted);
  }
  if (!sends() && running_.empty()) {
    finish(ExitStatus::EndedWell);
    return;
  }
  questions_.withdrawAll();
  gboolean done = FALSE;
  if (sends()) {
    g_signal_emit_by_name(element_.get(), "cancel-file", &done);
  } else {
    g_signal_emit_by_name(element_.get(), "cancel-file", "", &done);
  }
  farewell_ = Timer(nullptr, kFarewellTime, [this] { finish(ExitStatus::Cancelled); });
}

void FileApp::finish(ExitStatus status) {
  // The first word counts: what still comes while everything ends changes it no more. And whatever broke once somebody
  // had ended it, that is why it is not whole.
  const bool ended_by_hand = interrupts_ > 0 && status == ExitStatus::Failed;
  if (!status_) status_ = ended_by_hand ? ExitStatus::Cancelled : status;
  g_main_loop_quit(loop_.get());
}

}  // namespace rtc::app
