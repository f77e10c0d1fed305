// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/element/data_party.hpp"

#include "tests/support/check.hpp"

namespace rtc::testing {

std::shared_ptr<ChannelLog> ChannelLog::of(const std::shared_ptr<DataChannel>& channel, bool keep) {
  auto log = std::shared_ptr<ChannelLog>(new ChannelLog(channel));
  std::weak_ptr<ChannelLog> weak = log;
  const auto note = [weak](auto change) {
    if (const auto alive = weak.lock()) alive->seen_.with(change);
  };
  DataChannel::Listener listener;
  listener.on_state = [note](DataChannel::State state, const std::string& why) {
    note([&](Seen& seen) {
      seen.states.emplace_back(word(state));
      seen.why = why;
    });
  };
  listener.on_message = [note, keep](DataMessage message) {
    note([&](Seen& seen) {
      seen.bytes += message.size();
      if (keep) seen.messages.emplace_back(message.text, std::string(message.view()));
    });
  };
  listener.on_low = [note] { note([](Seen& seen) { ++seen.lows; }); };
  // One that the peer opened is open already. One's own is not, even when it takes no time: its opening is told.
  if (channel->incoming()) {
    log->seen_.with([&](Seen& seen) { seen.states.emplace_back(word(channel->state())); });
  }
  channel->listen(std::move(listener));
  return log;
}

bool ChannelLog::reaches(const char* state, Duration deadline) const {
  return waitFor(
      [&] {
        const auto states = seen().states;
        return std::find(states.begin(), states.end(), state) != states.end();
      },
      deadline);
}

bool ChannelLog::gets(std::size_t messages, Duration deadline) const {
  return waitFor([&] { return seen_.with([](const Seen& seen) { return seen.messages.size(); }) >= messages; },
                 deadline);
}

DataParty::DataParty(const std::string& server, const std::string& user, std::vector<core::ChannelOptions> wanted,
                     const std::map<Setting, std::string>& more)
    : wanted_(std::move(wanted)) {
  if (gst_is_initialized() == FALSE) gst_init(nullptr, nullptr);
  pipeline_ = sink(gst_pipeline_new(nullptr));
  element_ = share(gst_element_factory_make("fakesrc", nullptr));
  gst_bin_add(GST_BIN(pipeline_.get()), share(element_).release());
  session_ = std::make_unique<Session>("test", [this](const Session::Notice& notice) {
    const auto* change = std::get_if<Session::CallChanges>(&notice);
    if (change == nullptr) return;
    state_.with([&](State& state) {
      state.connected = change->state == core::CallState::Connected;
      if (change->state == core::CallState::Ended) state.ended = signaling::word(change->reason);
    });
  });
  Settings settings;
  const auto set = [&settings](Setting setting, const std::string& text) {
    GValue value = G_VALUE_INIT;
    g_value_init(&value, G_TYPE_STRING);
    g_value_set_string(&value, text.c_str());
    settings.set(setting, &value);
    g_value_unset(&value);
  };
  set(Setting::Server, server);
  set(Setting::User, user);
  for (const auto& [setting, text] : more) set(setting, text);
  ck_assert(session_->join(element_.get(), settings).ok());
  session_->addDataUser(this);
  session_->play();
}

DataParty::~DataParty() {
  session_->removeDataUser(this);
  state_.with([](State& state) { return std::exchange(state, {}); });
  session_->leave(element_.get());
}

bool DataParty::online() const {
  const auto bus = adopt(gst_element_get_bus(pipeline_.get()));
  return waitFor([&] {
    while (const auto message = adopt(gst_bus_pop(bus.get()))) {
      const auto* structure = gst_message_get_structure(message.get());
      if (structure != nullptr && g_strcmp0(gst_structure_get_string(structure, "state"), "online") == 0) return true;
    }
    return false;
  });
}

bool DataParty::calls(const std::string& user) {
  session_->call(user);
  return connected();
}

bool DataParty::connected() const {
  return waitFor([&] { return state_.with([](const State& state) { return state.connected; }); });
}

std::string DataParty::endReason() const {
  const auto reason = [&] { return state_.with([](const State& state) { return state.ended; }); };
  waitFor([&] { return !reason().empty(); });
  return reason();
}

std::shared_ptr<ChannelLog> DataParty::open(const core::ChannelOptions& options) {
  return openBy(&CallData::open, options);
}

std::shared_ptr<ChannelLog> DataParty::openLane(const core::ChannelOptions& options) {
  return openBy(&CallData::openLane, options);
}

std::shared_ptr<ChannelLog> DataParty::openBy(Opener opener, const core::ChannelOptions& options) {
  std::shared_ptr<ChannelLog> log;
  session_->run([&] {
    ck_assert(call_ != nullptr);
    auto channel = (call_->*opener)(options, this);
    if (channel) {
      log = ChannelLog::of(channel.value(), keeps);
    } else {
      refusal = channel.error().message;
    }
  });
  return log;
}

std::shared_ptr<ChannelLog> DataParty::opened(std::size_t index) const {
  std::shared_ptr<ChannelLog> log;
  waitFor([&] {
    log = state_.with(
        [index](const State& state) { return index < state.opened.size() ? state.opened[index] : nullptr; });
    return log != nullptr;
  });
  return log;
}

std::shared_ptr<ChannelLog> DataParty::offered(std::size_t index) const {
  std::shared_ptr<ChannelLog> log;
  waitFor([&] {
    log = state_.with(
        [index](const State& state) { return index < state.offered.size() ? state.offered[index] : nullptr; });
    return log != nullptr;
  });
  return log;
}

std::string DataParty::send(const std::shared_ptr<ChannelLog>& log, std::string_view content, bool text) {
  std::string problem;
  session_->run([&] {
    if (const auto sent = log->channel->send(DataMessage::copyOf(content, text)); !sent) problem = sent.error().message;
  });
  return problem;
}

void DataParty::close(const std::shared_ptr<ChannelLog>& log) {
  session_->run([&] { log->channel->close(); });
}

void DataParty::dataBegins(CallData& call) {
  call_ = &call;
  const auto keep = [this](const Result<std::shared_ptr<DataChannel>>& channel) {
    ck_assert_msg(channel.ok(), "%s", channel.ok() ? "" : channel.error().message.c_str());
    const auto log = ChannelLog::of(channel.value(), keeps);
    state_.with([&](State& state) { state.opened.push_back(log); });
  };
  for (const auto& options : wanted_) keep(call.open(options, this));
  if (wanted_lane) keep(call.openLane(*wanted_lane, this));
}

bool DataParty::channelOffered(CallData&, const std::shared_ptr<DataChannel>& channel) {
  if (!takes || !channel->incoming()) return false;
  const auto log = ChannelLog::of(channel, keeps);
  state_.with([&](State& state) { state.offered.push_back(log); });
  return true;
}

void DataParty::dataEnds(CallData&) {
  call_ = nullptr;
}

}  // namespace rtc::testing
