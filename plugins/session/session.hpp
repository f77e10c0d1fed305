// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One login, its calls and their peers, shared by the elements that name it. It carries out what the pure parts decide
// and tells them what happened.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "base/guarded.hpp"
#include "base/result.hpp"
#include "base/task_thread.hpp"
#include "plugins/core/glare.hpp"
#include "plugins/session/call_roster.hpp"
#include "plugins/session/live_calls.hpp"
#include "plugins/session/live_ice_servers.hpp"
#include "plugins/session/network_watch.hpp"
#include "plugins/session/settings.hpp"
#include "plugins/session/turn_tunnel.hpp"

namespace rtc {

/// The public functions are thread-safe; those that wait must not be called from the session's own notices. The rest is
/// bound to the session's thread.
class Session final : private CallHost {
 public:
  // What it tells, on its own thread, without a lock held.
  struct CallComesIn {
    std::string call;
    std::string peer;
  };
  struct CallChanges {
    std::string call;
    std::string peer;
    core::CallState state = core::CallState::Calling;
    signaling::Reason reason = signaling::Reason::Hangup;
  };
  struct StreamChanges {
    std::string call;
    std::string peer;
    StreamChange change;
  };
  /// The token holds no longer than this: `set` another one.
  struct TokenExpires {
    Duration left{0};
  };
  using Notice = std::variant<CallComesIn, CallChanges, StreamChanges, TokenExpires>;

  Session(std::string name, std::function<void(const Notice&)> listener);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Every element has left.
  ~Session() override;

  /// An element takes part, with its settings. Fails if they contradict those of another. Waits.
  Result<Done> join(GstElement* element, const Settings& settings);
  /// An element's pipeline plays: the first one's makes the session log in, and call if it is set to.
  void play();
  /// An element stops. The last one's leave ends all calls and the login. Waits for that, five seconds at most.
  void leave(GstElement* element);

  /// A setting that changes while the session plays (`Settings::changesLive`). Never waits.
  void change(const Settings& settings, Setting setting);

  void addSource(std::shared_ptr<MediaSource> source);
  void removeSource(const std::shared_ptr<MediaSource>& source);
  /// One of them was muted, or is not any more.
  void sourceMuted();
  /// Waits: when it returns, the old sink is not called any more.
  void setSink(MediaSink* sink);

  /// Tells the user of every call there is and will be.
  void addDataUser(DataUser* user);
  /// Waits: when it returns, the user is not called any more.
  void removeDataUser(DataUser* user);
  /// The session's own, to which channels and their users are bound.
  TaskThread& thread() { return thread_; }
  /// Whether its calls carry picture or sound. On its thread.
  bool carriesMedia() const { return !sources_.empty() || sink_ != nullptr; }
  /// Makes the call on the session's thread, where channels live. Never waits.
  void post(Task task) { thread_.post(std::move(task)); }
  /// Likewise, and waits for its end.
  void run(Task task) { thread_.run(std::move(task)); }

  /// Calls the user, as soon as we are logged in. Gives the call's id.
  std::string call(const std::string& user);
  /// False if there is no such call which waits for an answer; as with `decline`.
  bool accept(const std::string& call);
  bool decline(const std::string& call, signaling::Reason reason);
  /// Ends the call; an empty id ends all. False if there is nothing to end.
  bool hangUp(const std::string& call);
  /// What the last second was like: one `rtc-stats` structure per connected call, under the call's id.
  Ptr<GstStructure> statistics() const;

 private:
  enum class Login { None, Connecting, Online, Offline, Failed };

  // CallHost.
  TaskThread& taskThread() override { return thread_; }
  signaling::Signaler* signaler() override { return signaler_.get(); }
  PeerConfig peerConfig(core::Role role) override;
  const std::vector<std::shared_ptr<MediaSource>>& sources() override { return sources_; }
  MediaSink* mediaSink() override { return sink_; }
  const std::vector<DataUser*>& dataUsers() override { return data_users_; }
  void streamChanged(const LiveCall& call, const StreamChange& change) override;
  void needService() override;
  void callChanged(const LiveCall& call, core::CallState state, signaling::Reason reason) override;
  void callLacks(const LiveCall& call, const std::string& what) override;
  void requestRefused(const std::string& call, const signaling::RequestError& error) override;
  void callOver(const std::string& call) override;

  void logIn();
  void happened(const signaling::Online& online);
  void happened(const signaling::Offline& offline);
  void happened(const signaling::Failed& failed);
  void happened(const signaling::TokenWanted& wanted);
  void happened(const signaling::TokenAnswered& answered);
  void happened(const signaling::Received& received);
  void said(const signaling::IncomingCall& incoming);
  void said(const signaling::PeerRinging& ringing);
  void said(const signaling::PeerAccepted& accepted);
  void said(const signaling::PeerOffer& offer);
  void said(const signaling::PeerAnswer& answer);
  void said(const signaling::PeerCandidate& candidate);
  void said(const signaling::PeerReconnects& reconnects);
  void said(const signaling::Ended& ended);
  template <typename Other>
  void said(const Other&) {}  // for book clients, or answers to no request of ours

  void startCall(std::string id, std::string user);
  /// Starts the call that waits for the login; an empty id starts all.
  void startAwaiting(const std::string& call = {});
  core::CallTimeouts callTimeouts() const;
  /// How many streams of the kind a description of ours offers.
  std::size_t offered(core::Kind kind) const;
  void setLogin(Login login, const std::string& message);
  void post(Ptr<GstStructure> structure);
  void tellMissed(const signaling::LoggedIn& login);
  void postToken(const char* state, Duration left, const std::string& message);
  void networkChanged();
  void everySecond();
  void shutDown();
  void finishShutDown();

  const std::string name_;
  const std::function<void(const Notice&)> listener_;
  Guarded<Ptr<GstStructure>> statistics_;
  CallRoster roster_;

  // Bound to the thread.
  Settings settings_;
  std::vector<Ptr<GstElement>> elements_;
  std::vector<std::shared_ptr<MediaSource>> sources_;
  MediaSink* sink_ = nullptr;
  core::CodecPreferences codecs_;  ///< as the settings have it
  std::vector<DataUser*> data_users_;
  Login login_ = Login::None;
  LiveIceServers ice_servers_{thread_};
  std::vector<std::pair<std::string, std::string>> awaiting_login_;  ///< calls to make then: id and user
  std::unique_ptr<signaling::Signaler> signaler_;
  LiveCalls calls_{*this};
  std::unique_ptr<NetworkWatch> network_;
  std::unique_ptr<TurnTunnels> tunnels_;
  core::Glare glare_;
  Timer second_;
  std::optional<std::promise<void>> shut_down_;
  std::jthread preparation_;  ///< of the elements, while the login goes on

  TaskThread thread_;
};

}  // namespace rtc
