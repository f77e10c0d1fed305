// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/session.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "plugins/session/ice_servers.hpp"
#include "plugins/session/requirements.hpp"
#include "plugins/session/session_messages.hpp"
#include "signaling/client/websocket_signaler.hpp"

GST_DEBUG_CATEGORY_EXTERN(rtc_session_debug);
#define GST_CAT_DEFAULT rtc_session_debug

namespace rtc {

using core::Call;
using core::CallState;
using core::Kind;
using core::Role;
using signaling::Reason;

namespace {

/// What a pipeline's stop may wait for the calls' farewells and the service.
constexpr std::chrono::seconds kShutDown{5};
constexpr Duration kStatisticsInterval{1'000};

std::string newCallId() {
  return adopt(g_uuid_string_random()).get();
}

/// How a call ends that the service refused.
Reason reasonFor(signaling::ErrorCode code) {
  using signaling::ErrorCode;
  const bool absent = code == ErrorCode::Unavailable || code == ErrorCode::NoSuchUser || code == ErrorCode::NotLoggedIn;
  // A call that is gone when we accept it was taken back by its caller.
  const bool gone = code == ErrorCode::NoSuchCall || code == ErrorCode::WrongState;
  return absent ? Reason::Unavailable : gone ? Reason::Cancelled : Reason::MediaFailed;
}

}  // namespace

Session::Session(std::string name, std::function<void(const Notice&)> listener)
    : name_(std::move(name)), listener_(std::move(listener)), thread_("rtc-session") {}

Session::~Session() = default;

// --- From the elements -----------------------------------------------------------------------------------------------

Result<Done> Session::join(GstElement* element, const Settings& settings) {
  Result<Done> result = Done{};
  thread_.run([&] {
    // Whoever comes now belongs to the next session: the farewells of the last one are cut short.
    if (shut_down_) finishShutDown();
    if (elements_.empty()) settings_ = Settings();
    auto merged = settings_;
    result = merged.merge(settings);
    if (!result) return;
    auto codecs = merged.codecs();
    if (!codecs) {
      result = codecs.error();
      return;
    }
    codecs_ = std::move(codecs).value();
    settings_ = std::move(merged);
    if (elements_.empty()) preparation_ = std::jthread(prepareElements);
    elements_.push_back(share(element));
  });
  return result;
}

void Session::play() {
  thread_.post([this] {
    if (login_ == Login::None && !elements_.empty()) logIn();
  });
}

void Session::leave(GstElement* element) {
  if (thread_.isCurrent()) {
    g_critical("an rtc element was stopped from a signal of its own session: stop it from another thread");
  }
  std::future<void> finished;
  thread_.run([&] {
    const auto mine = [element](const auto& each) { return each.get() == element; };
    if (elements_.size() > 1 || elements_.empty()) {
      std::erase_if(elements_, mine);
      return;
    }
    if (!mine(elements_.front())) return;
    // The last one stays until the end, which is told on its bus.
    shut_down_.emplace();
    finished = shut_down_->get_future();
    shutDown();
  });
  if (!finished.valid()) return;
  if (finished.wait_for(kShutDown) == std::future_status::ready) return;
  GST_WARNING("the session's farewells took too long: it stops without them");
  thread_.run([this] {
    if (shut_down_) finishShutDown();
  });
}

void Session::addSource(std::shared_ptr<MediaSource> source) {
  thread_.post([this, source = std::move(source)] {
    sources_.push_back(source);
    calls_.forEach([](LiveCall& call) { call.sourcesChanged(); });
  });
}

void Session::removeSource(const std::shared_ptr<MediaSource>& source) {
  thread_.run([&] {
    std::erase(sources_, source);
    calls_.forEach([](LiveCall& call) { call.sourcesChanged(); });
  });
}

void Session::sourceMuted() {
  thread_.post([this] { calls_.forEach([](LiveCall& call) { call.sourcesChanged(); }); });
}

void Session::setSink(MediaSink* media_sink) {
  thread_.run([&] {
    sink_ = media_sink;
    calls_.forEach([](LiveCall& call) { call.sinkChanged(); });
  });
}

void Session::addDataUser(DataUser* user) {
  thread_.run([&] {
    data_users_.push_back(user);
    calls_.forEach([user](LiveCall& call) { call.dataUserAdded(user); });
  });
}

void Session::removeDataUser(DataUser* user) {
  thread_.run([&] {
    std::erase(data_users_, user);
    calls_.forEach([user](LiveCall& call) { call.dataUserRemoved(user); });
  });
}

std::string Session::call(const std::string& user) {
  auto id = newCallId();
  roster_.add(id);
  thread_.post([this, id, user] {
    if (login_ == Login::None || login_ == Login::Connecting) {
      awaiting_login_.emplace_back(id, user);
    } else {
      startCall(id, user);
    }
  });
  return id;
}

bool Session::accept(const std::string& call) {
  if (!roster_.awaitsAnswer(call)) return false;
  thread_.post([this, call] {
    if (auto* live = calls_.find(call)) live->step(Call::UserAccepts{});
  });
  return true;
}

bool Session::decline(const std::string& call, Reason reason) {
  if (!roster_.awaitsAnswer(call)) return false;
  thread_.post([this, call, reason] {
    if (auto* live = calls_.find(call)) live->step(Call::UserDeclines{reason});
  });
  return true;
}

bool Session::hangUp(const std::string& call) {
  if (call.empty() ? roster_.empty() : !roster_.has(call)) return false;
  thread_.post([this, call] {
    startAwaiting(call);  // so that what waits for the login ends like every call
    if (call.empty()) {
      calls_.stepAll(Call::UserLeaves{});
    } else if (auto* live = calls_.find(call)) {
      live->step(Call::UserLeaves{});
    }
  });
  return true;
}

Ptr<GstStructure> Session::statistics() const {
  return statistics_.with([](const Ptr<GstStructure>& last) {
    return last ? adopt(gst_structure_copy(last.get())) : adopt(gst_structure_new_empty("rtc-session-stats"));
  });
}

// --- Signaling -------------------------------------------------------------------------------------------------------

void Session::logIn() {
  signaling::SignalerOptions options;
  options.server = settings_.server();
  options.user = settings_.text(Setting::User);
  options.token = settings_.text(Setting::Token);
  options.groups = settings_.list(Setting::Groups);
  options.visible = settings_.flag(Setting::Visible);
  options.tls_ca_file = settings_.text(Setting::TlsCaFile);
  setLogin(Login::Connecting, {});
  if (const auto user = settings_.text(Setting::Peer); !user.empty()) call(user);

  tunnels_ = std::make_unique<TurnTunnels>(options.tls_ca_file);
  signaler_ = signaling::makeWebSocketSignaler(std::move(options));
  signaler_->start([this](const signaling::SignalerEvent& event) {
    std::visit([this](const auto& what) { happened(what); }, event);
  });
  network_ = std::make_unique<NetworkWatch>(thread_.context(), [this] { networkChanged(); });
  everySecond();
}

void Session::happened(const signaling::Online& online) {
  ice_servers_.take(*signaler_, online.login);
  setLogin(Login::Online, {});
  tellMissed(online.login);
  startAwaiting();
  calls_.stepAll(Call::ServiceBack{});
}

void Session::happened(const signaling::Offline& offline) {
  ice_servers_.stop();
  setLogin(Login::Offline, offline.why);
  calls_.stepAll(Call::ServiceLost{});
}

void Session::happened(const signaling::Failed& failed) {
  setLogin(Login::Failed, failed.why);
  startAwaiting();
  calls_.stepAll(Call::ServiceLost{});
  if (elements_.empty()) return;
  auto* element = elements_.front().get();
  if (failed.refused) {
    GST_ELEMENT_ERROR(element, RESOURCE, NOT_AUTHORIZED, ("%s", failed.why.c_str()), (nullptr));
  } else {
    GST_ELEMENT_ERROR(element, RESOURCE, OPEN_READ_WRITE, ("%s", failed.why.c_str()), (nullptr));
  }
}

void Session::happened(const signaling::Received& received) {
  std::visit([this](const auto& message) { said(message); }, received.message);
}

void Session::said(const signaling::IncomingCall& incoming) {
  if (calls_.find(incoming.call) != nullptr) return;
  bool dialled = glare_.wonBy(incoming.from, SteadyClock().now());
  if (auto* ours = calls_.pendingTo(incoming.from)) {
    if (core::Glare::oursGoesOn(ours->machine().id(), incoming.call)) return;
    ours->step(Call::ServiceEnds{Reason::GlareLost});
    dialled = true;
  }
  if (dialled) {
    calls_.add(Call(incoming.call, incoming.from, Role::Callee, callTimeouts())).step(Call::UserAccepts{});
    return;
  }
  const auto limit = settings_.number(Setting::MaxCalls);
  const auto policy = settings_.accept();
  if (policy == AcceptPolicy::None || (limit != 0 && calls_.running() >= limit)) {
    const auto reason = policy == AcceptPolicy::None ? Reason::Declined : Reason::Busy;
    signaler_->request(signaling::Decline{incoming.call, reason}, [](const signaling::Reply&) {});
    return;
  }
  auto& call =
      calls_.add(Call(incoming.call, incoming.from, Role::Callee, callTimeouts()), {incoming.display, incoming.group});
  if (policy == AcceptPolicy::Auto) {
    call.step(Call::UserAccepts{});
  } else {
    listener_(CallComesIn{incoming.call, incoming.from});
  }
}

void Session::said(const signaling::PeerRinging& ringing) {
  if (auto* call = calls_.find(ringing.call)) call->step(Call::PeerRings{});
}

void Session::said(const signaling::PeerAccepted& accepted) {
  if (auto* call = calls_.find(accepted.call)) call->step(Call::PeerAccepts{accepted.from});
}

void Session::said(const signaling::PeerOffer& offer) {
  if (auto* call = calls_.find(offer.call)) call->hear(core::DescriptionType::Offer, offer.offer);
}

void Session::said(const signaling::PeerAnswer& answer) {
  if (auto* call = calls_.find(answer.call)) call->hear(core::DescriptionType::Answer, answer.answer);
}

void Session::said(const signaling::PeerCandidate& candidate) {
  if (auto* call = calls_.find(candidate.call)) call->hear(candidate.candidate);
}

void Session::said(const signaling::PeerReconnects& reconnects) {
  if (auto* call = calls_.find(reconnects.call)) call->step(Call::PeerReconnects{reconnects.connection});
}

void Session::said(const signaling::Ended& ended) {
  auto* call = calls_.find(ended.call);
  if (call == nullptr) return;
  const auto peer = call->machine().peer();
  const bool ours_is_lost = ended.reason == Reason::GlareLost && call->machine().role() == Role::Caller &&
                            call->machine().state() != CallState::Ended;
  call->step(Call::ServiceEnds{ended.reason});
  if (!ours_is_lost) return;
  // It rings here already if it came before ours was dialled.
  if (auto* theirs = calls_.pendingFrom(peer)) {
    theirs->step(Call::UserAccepts{});
  } else {
    glare_.lostTo(peer, SteadyClock().now());
  }
}

// --- Calls -----------------------------------------------------------------------------------------------------------

void Session::startCall(std::string id, std::string user) {
  const signaling::Media media{offered(Kind::Audio) > 0, offered(Kind::Video) > 0};
  calls_.add(Call(std::move(id), std::move(user), Role::Caller, callTimeouts(), media));
}

void Session::startAwaiting(const std::string& call) {
  for (auto& [id, user] : std::exchange(awaiting_login_, {})) {
    if (call.empty() || call == id) {
      startCall(std::move(id), std::move(user));
    } else {
      awaiting_login_.emplace_back(std::move(id), std::move(user));
    }
  }
}

core::CallTimeouts Session::callTimeouts() const {
  return {Duration(settings_.number(Setting::RingTimeout)), Duration(settings_.number(Setting::SetupTimeout)),
          Duration(settings_.number(Setting::RecoveryTimeout))};
}

std::size_t Session::offered(Kind kind) const {
  // A session that plays received streams offers to take both kinds, whether or not it has such a stream to give.
  const auto own =
      std::count_if(sources_.begin(), sources_.end(), [kind](const auto& source) { return source->kind() == kind; });
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(own, sink_ != nullptr ? 1 : 0));
}

PeerConfig Session::peerConfig(Role role) {
  auto config = peerConfigFrom(settings_);
  config.role = role;
  config.codecs = givenFirst(codecs_, sources_);
  // Sound first: its codec suits every peer, so that the bundle's first section is never rejected.
  for (const auto kind : {Kind::Audio, Kind::Video}) config.kinds.insert(config.kinds.end(), offered(kind), kind);
  auto servers = iceServersFor(ice_servers_.now());
  if (config.stun_server.empty()) config.stun_server = servers.stun;
  if (config.turn_servers.empty()) config.turn_servers = servers.turn;
  config.turn_servers = tunnels_->reach(config.turn_servers, servers.refused);
  for (const auto& refused : servers.refused) GST_WARNING("ICE server left out: %s", refused.c_str());
  if (!elements_.empty()) {
    config.clock = adopt(gst_element_get_clock(elements_.front().get()));
    config.base_time = gst_element_get_base_time(elements_.front().get());
  }
  return config;
}

void Session::callChanged(const LiveCall& call, CallState state, Reason reason) {
  const auto& machine = call.machine();
  roster_.note(machine, state);
  GST_INFO("call %s with %s: %s", machine.id().c_str(), machine.peer().c_str(), signaling::word(state).data());
  post(callMessage(name_, call, state, reason));
  listener_(CallChanges{machine.id(), machine.peer(), state, reason});
}

void Session::streamChanged(const LiveCall& call, const StreamChange& change) {
  const auto& machine = call.machine();
  post(streamMessage(name_, call, change));
  listener_(StreamChanges{machine.id(), machine.peer(), change});
}

void Session::networkChanged() {
  GST_INFO("session %s: the network has changed", name_.c_str());
  needService();
  calls_.forEach([](LiveCall& call) { call.networkChanged(); });
}

void Session::needService() {
  if (!signaler_) return;
  // Something that is answered, and of use: a new connection needs credentials that still hold.
  signaler_->request(signaling::GetIceServers{}, [this](const signaling::Reply& reply) {
    if (!reply) return;
    const auto* list = std::get_if<signaling::IceServerList>(&reply.value().body);
    if (list != nullptr) ice_servers_.take(*signaler_, *list);
  });
  signaler_->check();
}

void Session::callLacks(const LiveCall&, const std::string& what) {
  if (elements_.empty()) return;
  auto* element = elements_.front().get();
  GST_ELEMENT_WARNING(element, STREAM, CODEC_NOT_FOUND, ("%s", what.c_str()), (nullptr));
}

void Session::requestRefused(const std::string& call, const signaling::RequestError& error) {
  GST_INFO("call %s: refused: %s", call.c_str(), error.message.c_str());
  if (auto* live = calls_.find(call)) live->step(Call::ServiceEnds{reasonFor(error.code)});
}

void Session::callOver(const std::string& call) {
  // From its own timer: the call must not go while it is being called.
  thread_.post([this, call] {
    calls_.drop(call);
    if (shut_down_ && calls_.empty()) finishShutDown();
  });
}

// --- Telling ---------------------------------------------------------------------------------------------------------

void Session::post(Ptr<GstStructure> structure) {
  if (elements_.empty()) return;
  auto* element = elements_.front().get();
  gst_element_post_message(element, gst_message_new_element(GST_OBJECT(element), release(std::move(structure))));
}

void Session::everySecond() {
  auto all = adopt(gst_structure_new_empty("rtc-session-stats"));
  calls_.forEach([&](LiveCall& call) {
    if (!call.connected()) return;
    auto one = call.statistics(name_);
    gst_structure_set(all.get(), call.machine().id().c_str(), GST_TYPE_STRUCTURE, one.get(), nullptr);
    post(std::move(one));
  });
  statistics_.with([&](Ptr<GstStructure>& last) { last = std::move(all); });
  second_ = Timer(thread_.context(), kStatisticsInterval, [this] { everySecond(); });
}

// --- The end ---------------------------------------------------------------------------------------------------------

void Session::shutDown() {
  second_.cancel();
  network_.reset();
  awaiting_login_.clear();
  calls_.stepAll(Call::UserLeaves{});
  if (calls_.empty()) finishShutDown();
}

void Session::finishShutDown() {
  calls_.clear();
  roster_.clear();
  ice_servers_.stop();
  if (signaler_) signaler_->stop();
  signaler_.reset();
  tunnels_.reset();
  login_ = Login::None;
  elements_.clear();
  if (auto finished = std::exchange(shut_down_, std::nullopt)) finished->set_value();
}

}  // namespace rtc
