// SPDX-License-Identifier: LGPL-2.1-or-later
//
// An element's data channels: one per call, or those of the peer that bear its label. It tells the application of their
// states, by message, signal and property.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "plugins/data/channel_properties.hpp"
#include "plugins/session/data_user.hpp"

namespace rtc {

/// Made, started, finished and destroyed by the element's state changes; everything else is bound to the session's
/// thread.
class ElementChannels final : private DataUser {
 public:
  struct Listener {
    std::function<void(DataMessage)> on_message;  ///< may be empty: what comes is thrown away
    std::function<void()> on_change;              ///< a channel opened, closed, or can take more
    std::function<void(const std::string&)> on_error;
  };
  /// How many channels of one call are used: a sender needs one, a receiver hears all.
  enum class Use { OnePerCall, All };

  /// Of the channels together: open if one is. The element keeps it, to show it as a property.
  using SharedState = std::shared_ptr<std::atomic<DataChannel::State>>;
  static SharedState makeState();
  /// Where the states are told.
  struct Audience {
    GstElement* element;
    guint state_signal;
    SharedState state;
  };
  /// Gives an element's class the property `state` and the signal `channel-state-changed`, whose number it returns.
  static guint install(gpointer klass, guint state_property);

  /// The element is in `session`. Nothing is called before `start`.
  ElementChannels(Audience audience, Session& session, ChannelWish wish, Use use, Listener listener);
  ElementChannels(const ElementChannels&) = delete;
  ElementChannels& operator=(const ElementChannels&) = delete;
  ~ElementChannels() override = default;

  void start() { session_.addDataUser(this); }
  /// Waits: no listener is called after it.
  void finish() { session_.removeDataUser(this); }
  void post(Task task) { session_.post(std::move(task)); }

  /// Those that are open.
  const std::vector<std::shared_ptr<DataChannel>>& open() const { return open_; }
  /// Most bytes that wait in one of them.
  std::uint64_t mostBuffered() const;
  /// Closes all of them, after what was sent.
  void close();
  /// Whether none is open or closing, nor about to be opened again after the loss of a connection.
  bool allClosed() const { return channels_.empty() && awaited_.empty(); }

 private:
  struct Used {
    std::string call;
    std::string peer;
  };

  void dataBegins(CallData& call) override;
  bool channelOffered(CallData& call, const std::shared_ptr<DataChannel>& channel) override;
  void dataBreaks(CallData& call) override;
  void dataEnds(CallData& call) override;

  bool has(const CallData& call) const;
  bool fits(const DataChannel& channel) const;
  void use(const CallData& call, const std::shared_ptr<DataChannel>& channel);
  void changed(const std::shared_ptr<DataChannel>& channel, DataChannel::State state, const std::string& why);
  void tell(const DataChannel& channel, const Used& used, DataChannel::State state, const std::string& why);
  /// Those of the call, to which nobody listens here any more.
  std::vector<std::shared_ptr<DataChannel>> ignoreAll(const CallData& call);
  void updateState();

  const Audience audience_;
  Session& session_;
  const ChannelWish wish_;
  const Use use_;
  const Listener listener_;
  std::map<std::shared_ptr<DataChannel>, Used> channels_;
  std::vector<std::shared_ptr<DataChannel>> open_;
  std::set<std::string> awaited_;  ///< calls whose connection is being made anew
};

}  // namespace rtc
