// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/call_app.hpp"

#include <glib-unix.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "app/missing_elements.hpp"
#include "app/session_news.hpp"
#include "app/snapshot.hpp"
#include "app/stdin_question.hpp"
#include "app/token_file.hpp"

namespace rtc::app {

namespace {

/// After we hung up, the call's end is told at once, unless something hangs.
constexpr Duration kFarewellTime{3'000};
/// The session says good-bye within a second when the pipeline stops.
constexpr Duration kStopTime{8'000};
/// Both called at once, our call lost, and the other one must show up.
constexpr Duration kGlareTime{5'000};
/// What a shell expects of a program that an interrupt ended.
constexpr int kInterrupted = 130;

gboolean addField(GQuark field, const GValue* value, gpointer data) noexcept {
  auto& fields = static_cast<StatsEvent*>(data)->fields;
  const char* name = g_quark_to_string(field);
  if (G_VALUE_HOLDS_STRING(value)) {
    const char* text = g_value_get_string(value);
    fields.emplace_back(name, std::string(text == nullptr ? "" : text));
  } else if (G_VALUE_HOLDS_BOOLEAN(value)) {
    fields.emplace_back(name, g_value_get_boolean(value) != FALSE);
  } else if (G_VALUE_HOLDS_DOUBLE(value)) {
    fields.emplace_back(name, g_value_get_double(value));
  } else if (G_VALUE_HOLDS_INT(value)) {
    fields.emplace_back(name, std::int64_t{g_value_get_int(value)});
  } else if (G_VALUE_HOLDS_UINT(value)) {
    fields.emplace_back(name, std::uint64_t{g_value_get_uint(value)});
  } else if (G_VALUE_HOLDS_INT64(value)) {
    fields.emplace_back(name, std::int64_t{g_value_get_int64(value)});
  } else if (G_VALUE_HOLDS_UINT64(value)) {
    fields.emplace_back(name, std::uint64_t{g_value_get_uint64(value)});
  }
  return TRUE;
}

Ptr<GstElement> firstElement(GstElement* pipeline, const char* factory) {
  const auto iterator = adopt(gst_bin_iterate_all_by_element_factory_name(GST_BIN(pipeline), factory));
  GValue item = G_VALUE_INIT;
  Ptr<GstElement> found;
  if (gst_iterator_next(iterator.get(), &item) == GST_ITERATOR_OK) {
    found = share(GST_ELEMENT(g_value_get_object(&item)));
  }
  if (G_IS_VALUE(&item)) g_value_unset(&item);
  return found;
}

}  // namespace

struct CallApp::Callbacks {
  static gboolean interrupt(gpointer data) noexcept {
    static_cast<CallApp*>(data)->interrupted();
    return G_SOURCE_CONTINUE;
  }
};

CallApp::CallApp(Options options, Face& face)
    : options_(std::move(options)),
      face_(face),
      loop_(adopt(g_main_loop_new(nullptr, FALSE))),
      questions_(putAtTerminal(face)) {}

ExitStatus CallApp::run() {
  auto description = describeCall(options_, face_);
  if (!description) {
    face_.show(ErrorEvent{description.error().message});
    return ExitStatus::Usage;
  }
  if (const auto ready = prepare(std::move(description).value()); !ready) {
    face_.show(ErrorEvent{ready.error().message});
    return ExitStatus::Failed;
  }
  const guint signals[] = {g_unix_signal_add(SIGINT, Callbacks::interrupt, this),
                           g_unix_signal_add(SIGTERM, Callbacks::interrupt, this),
                           g_unix_signal_add(SIGHUP, Callbacks::interrupt, this)};
  if (const auto started = start(); started) {
    g_main_loop_run(loop_.get());
  } else {
    face_.show(ErrorEvent{started.error().message});
    status_ = ExitStatus::Failed;
  }
  questions_.withdrawAll();
  typed_.reset();
  files_.reset();
  const bool stopped = host_->stop(kStopTime);
  for (const guint signal : signals) g_source_remove(signal);
  if (!stopped) {
    face_.show(ErrorEvent{"The pipeline does not stop; ending without it."});
    std::fflush(nullptr);
    ::_exit(static_cast<int>(ExitStatus::Failed));
  }
  devices_.reset();
  received_.reset();
  return status_;
}

Result<Done> CallApp::prepare(CallPipeline description) {
  if (!options_.snapshot.empty()) {
    if (auto able = canTakeSnapshots(); !able) return able;
  }
  auto pipeline = makePipeline(description.pipeline);
  if (!pipeline) return pipeline.error();
  auto files = CallFiles::make(options_, pipeline.value().get(), face_);
  if (!files) return files.error();
  files_ = std::move(files).value();
  host_ = std::make_unique<PipelineHost>(std::move(pipeline).value(), [this](GstMessage* message) { heard(message); });
  session_ = firstElement(host_->pipeline(), "rtcsignalsink");
  if (!session_) session_ = firstElement(host_->pipeline(), "rtcsignalsrc");
  auto received = ReceivedMedia::watch(host_->pipeline(), description.received);
  if (!received) return received.error();
  received_ = std::move(received).value();
  // Who is asked about calls cannot type commands as well.
  if (session_ && !options_.ask && StdinQuestion::canAsk()) {
    typed_ = std::make_unique<TypedCommands>([this](const std::string& line) { typed(line); });
  }
  devices_ = std::make_unique<CallDevices>(host_->pipeline(), std::move(description.inputs),
                                           std::move(description.speaker), received_->speakers(), face_);
  return Done{};
}

Result<Done> CallApp::start() {
  if (auto playing = host_->start(); !playing) return playing;
  return devices_->start();
}

// --- What the bus tells ----------------------------------------------------------------------------------------------

void CallApp::heard(GstMessage* message) {
  if (devices_ && devices_->heard(message)) return;
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR:
      failed(message);
      break;
    case GST_MESSAGE_EOS:
      // Of a file that has come to its end, or of a viewer whose call has.
      if (!calls_.empty() || options_.command == Command::Run) hangUp();
      break;
    case GST_MESSAGE_APPLICATION:
      received_->tidy();
      break;
    case GST_MESSAGE_ELEMENT:
      heardElement(message, gst_message_get_structure(message));
      break;
    default:
      break;
  }
}

void CallApp::heardElement(GstMessage* message, const GstStructure* structure) {
  if (structure == nullptr) return;
  if (gst_structure_has_name(structure, "rtc-session")) sessionChanged(structure);
  if (gst_structure_has_name(structure, "rtc-call")) callChanged(structure);
  if (gst_structure_has_name(structure, "rtc-stream")) face_.show(streamEventFrom(structure));
  if (gst_structure_has_name(structure, "rtc-missed-call")) face_.show(missedCallEventFrom(structure));
  if (gst_structure_has_name(structure, "rtc-token")) renewToken(structure, options_, session_.get(), face_);
  if (gst_structure_has_name(structure, "rtc-stats")) measured(structure);
  if (gst_structure_has_name(structure, "rtc-file")) files_->heard(structure);
  if (gst_structure_has_name(structure, "level") && received_->has(GST_MESSAGE_SRC(message))) heardLevel(structure);
}

void CallApp::sessionChanged(const GstStructure* structure) {
  const auto event = sessionEventFrom(structure, options_);
  face_.show(event);
  if (event.state != "failed") return;
  session_failed_ = true;
  face_.show(ErrorEvent{event.message});
  finish(ExitStatus::Unreachable);
}

void CallApp::callChanged(const GstStructure* structure) {
  const auto event = callEventFrom(structure);
  face_.show(event);
  if (event.state == "ended") {
    if (calls_.count(event.call) != 0) callEnded(event);
    return;
  }
  const auto [call, is_new] = calls_.try_emplace(event.call);
  if (is_new) glare_.cancel();
  if (is_new && event.direction == "incoming") decideAbout(event);
  if (event.state == "connected") files_->connected();
  if (event.state == "connected" && !std::exchange(call->second.connected, true) && options_.duration > 0) {
    duration_ = Timer(nullptr, std::chrono::seconds(options_.duration), [this] { hangUp(); });
  }
}

void CallApp::typed(const std::string& line) {
  const auto command = commandIn(line);
  if (const auto* wanted = std::get_if<MuteCommand>(&command)) {
    mute(*wanted);
    return;
  }
  const auto* sent = std::get_if<SendCommand>(&command);
  if (sent != nullptr && files_->send(sent->file)) return;
  const auto* send_help = options_.command == Command::Dial ? "; /send FILE sends a file or a folder" : "";
  face_.show(NoticeEvent{"/mute and /unmute the microphone, or with video or all behind it the camera or both" +
                         std::string(send_help)});
}

void CallApp::mute(const MuteCommand& command) {
  const auto* property_owner = G_OBJECT_GET_CLASS(session_.get());
  const bool sends = g_object_class_find_property(const_cast<GObjectClass*>(property_owner), "mute-audio") != nullptr;
  if (!sends) {
    face_.show(NoticeEvent{"nothing is sent that could be muted"});
    return;
  }
  const char* state = command.muted ? " is muted" : " is on";
  if (command.audio) {
    g_object_set(session_.get(), "mute-audio", command.muted, nullptr);
    face_.show(NoticeEvent{std::string("the microphone") + state});
  }
  if (command.video) {
    g_object_set(session_.get(), "mute-video", command.muted, nullptr);
    face_.show(NoticeEvent{std::string("the camera") + state});
  }
}

void CallApp::decideAbout(const CallEvent& event) {
  if (options_.command == Command::Dial) {
    // Whom we call may have called us in the same moment; anybody else has to wait.
    answerWith(event.call, event.peer == options_.peer);
    return;
  }
  if (!options_.ask) return;  // the element takes it by itself
  if (!StdinQuestion::canAsk()) {
    face_.show(NoticeEvent{"The call from " + event.peer +
                           " is declined: --accept ask needs a terminal to ask at. Use --accept auto without one."});
    answerWith(event.call, false);
    return;
  }
  questions_.ask(event.call, "Take the call from " + event.peer + "? [y/n]",
                 [this, call = event.call](bool yes) { answerWith(call, yes); });
}

void CallApp::answerWith(const std::string& call, bool yes) {
  gboolean done = FALSE;
  if (yes) {
    g_signal_emit_by_name(session_.get(), "accept", call.c_str(), &done);
  } else {
    const char* reason = options_.command == Command::Dial ? "busy" : "declined";
    g_signal_emit_by_name(session_.get(), "decline", call.c_str(), reason, &done);
  }
}

void CallApp::callEnded(const CallEvent& event) {
  const bool was_connected = calls_[event.call].connected;
  if (was_connected) takeSnapshot();
  calls_.erase(event.call);
  if (calls_.empty()) duration_.cancel();
  questions_.withdraw(event.call);
  if (event.reason == "glare_lost" && !ending_) {
    if (calls_.empty()) glare_ = Timer(nullptr, kGlareTime, [this] { finish(ExitStatus::Failed); });
    return;
  }
  const auto status = statusOf(event, was_connected);
  if (!endsWithACall(event)) {
    face_.show(NoticeEvent{"waiting for the next call; Ctrl-C ends"});
  } else if (calls_.empty() || !ending_) {
    finish(status);
  }
}

ExitStatus CallApp::statusOf(const CallEvent& event, bool was_connected) const {
  // Hung up by the other side before anything was to be seen or heard.
  if (event.reason == "hangup" && !was_connected && !was_called_off_) return ExitStatus::Failed;
  return exitStatusFor(event.reason);
}

bool CallApp::endsWithACall(const CallEvent& event) const {
  if (ending_ || options_.once || options_.duration > 0) return true;
  return options_.command == Command::Dial || (options_.command == Command::Run && event.direction == "outgoing");
}

void CallApp::measured(const GstStructure* statistics) {
  StatsEvent event;
  gst_structure_foreach(statistics, addField, &event);
  // The loudest of the last second: short sounds would fall between two looks, and an older level says nothing.
  event.fields.emplace_back("audio-in-level", std::exchange(level_, std::nullopt).value_or(-INFINITY));
  face_.show(event);
}

void CallApp::heardLevel(const GstStructure* level) {
  const GValue* value = gst_structure_get_value(level, "rms");
  if (value == nullptr) return;
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  const auto* channels = static_cast<const GValueArray*>(g_value_get_boxed(value));
  double loudest = -INFINITY;
  for (guint i = 0; channels != nullptr && i < channels->n_values; ++i) {
    loudest = std::max(loudest, g_value_get_double(&channels->values[i]));
  }
  G_GNUC_END_IGNORE_DEPRECATIONS
  level_ = std::max(loudest, level_.value_or(-INFINITY));
}

void CallApp::failed(GstMessage* message) {
  if (session_failed_ || ending_) return;
  // The last words of a device that has been taken out.
  if (!gst_object_has_as_ancestor(GST_MESSAGE_SRC(message), GST_OBJECT(host_->pipeline()))) return;
  Out<GError> error;
  gst_message_parse_error(message, &error, nullptr);
  if (received_->has(GST_MESSAGE_SRC(message)) &&
      g_error_matches(error.get(), GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND)) {
    // How a video sink tells that its window was closed.
    hangUp();
    return;
  }
  const bool is_output = received_->has(GST_MESSAGE_SRC(message));
  face_.show(ErrorEvent{error->message + std::string(is_output ? " (--no-display does without a window.)" : "")});
  broke_ = true;
  hangUp();
}

void CallApp::takeSnapshot() {
  if (options_.snapshot.empty()) return;
  const auto picture = received_->lastPicture();
  if (!picture) {
    face_.show(ErrorEvent{"No picture came in, so there is no snapshot."});
    return;
  }
  if (auto written = writeSnapshot(picture.get(), options_.snapshot); written) {
    face_.show(std::move(written).value());
  } else {
    face_.show(ErrorEvent{written.error().message});
  }
}

// --- Ending ----------------------------------------------------------------------------------------------------------

void CallApp::interrupted() {
  if (++interrupts_ > 1) {
    face_.show(ErrorEvent{"Interrupted once more: ending without a good-bye."});
    std::fflush(nullptr);
    ::_exit(kInterrupted);
  }
  hangUp();
}

void CallApp::hangUp() {
  if (ending_) return;
  ending_ = true;
  was_called_off_ = true;
  questions_.withdrawAll();
  if (calls_.empty() || !session_) {
    finish(ExitStatus::EndedWell);
    return;
  }
  gboolean done = FALSE;
  g_signal_emit_by_name(session_.get(), "hangup", "", &done);
  farewell_ = Timer(nullptr, kFarewellTime, [this] { finish(ExitStatus::Failed); });
}

void CallApp::finish(ExitStatus status) {
  status_ = broke_ ? ExitStatus::Failed : status;
  ending_ = true;
  g_main_loop_quit(loop_.get());
}

}  // namespace rtc::app
