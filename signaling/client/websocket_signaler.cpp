// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/websocket_signaler.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "base/task.hpp"
#include "signaling/client/backoff.hpp"
#include "signaling/client/conversation.hpp"
#include "signaling/client/nested_context.hpp"
#include "signaling/client/service_address.hpp"
#include "signaling/client/web_socket.hpp"
#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/limits.hpp"
#include "signaling/protocol/message_type.hpp"

namespace rtc::signaling {

namespace {

/// `stop` gives what is queued this long to go out.
constexpr Duration kFlushTime{1'000};
/// What libsoup still does for a connection that was dropped needs no network, only a turn or two of the loop.
constexpr Duration kCleanUpTime{100};
/// Whatever the service says, a day without it is no plan.
constexpr Duration kLongestGoAway{5 * 60'000};

std::string seconds(Duration duration) {
  return std::to_string((duration.count() + 999) / 1000) + " s";
}

double randomFraction() {
  static thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator);
}

bool fits(const ClientMessage& message) {
  constexpr std::size_t kRoomForNumbers = 64;
  return encode(message).size() + kRoomForNumbers <= kMaxMessageBytes;
}

class WebSocketSignaler final : public Signaler {
 public:
  explicit WebSocketSignaler(SignalerOptions options)
      : options_(std::move(options)),
        owner_(adopt(g_main_context_ref_thread_default())),
        backoff_(options_.first_retry, options_.last_retry, randomFraction) {}
  ~WebSocketSignaler() override { g_assert(state_ == State::New || state_ == State::Stopped); }

  void start(std::function<void(const SignalerEvent&)> on_event) override;
  void send(ClientBody body) override;
  void request(ClientBody body, std::function<void(const Reply&)> on_reply) override;
  void check() override;
  void setToken(std::string token) override;
  void setVisible(bool visible) override;
  void stop() override;

 private:
  enum class State { New, Connecting, LoggingIn, Online, Waiting, WantsToken, Failed, Stopped };
  struct Pending {
    std::function<void(const Reply&)> on_reply;
    Timer deadline;
  };

  Result<Done> makeSession();
  void connect();
  void logIn();
  void take(std::string_view text);
  void answer(const std::string& id, const Reply& reply);
  void loginAnswered(const Reply& reply);
  void loginRefused(const RequestError& error);
  void awaitToken(const std::string& why);
  void attemptTimedOut();
  void ended(const WebSocket::End& end);
  void retry(std::string why);
  bool urgent() const { return SteadyClock().now() < urgent_until_; }
  void fail(std::string why, bool refused);
  void forgetRequests(const std::string& why);
  void raise(SignalerEvent event);
  void reply(std::function<void(const Reply&)> on_reply, Reply reply);
  void later(Task call);
  std::string service() const { return address_->shown(); }

  SignalerOptions options_;
  const Ptr<GMainContext> owner_;
  Backoff backoff_;
  std::function<void(const SignalerEvent&)> on_event_;
  State state_ = State::New;
  std::optional<ServiceAddress> address_;
  std::unique_ptr<NestedContext> io_;
  Ptr<SoupSession> session_;
  std::unique_ptr<WebSocket> socket_;
  std::map<std::string, Pending> pending_;
  std::uint64_t last_id_ = 0;
  std::string login_id_;
  std::string shown_token_;  ///< by the last login
  Conversation conversation_;
  bool was_online_ = false;  // before that a failure is final: there is nothing to come back to
  Instant online_since_{};
  std::optional<Duration> go_away_;
  Duration attempt_timeout_{};
  Timer attempt_deadline_;
  Timer retry_timer_;
  Timer proof_;
  Instant urgent_until_{};
  // Expires at `stop`: what waits on the owner's context then does nothing.
  std::shared_ptr<bool> running_;
};

void WebSocketSignaler::start(std::function<void(const SignalerEvent&)> on_event) {
  g_assert(state_ == State::New);
  on_event_ = std::move(on_event);
  running_ = std::make_shared<bool>(true);
  io_ = std::make_unique<NestedContext>();
  auto address = ServiceAddress::parse(options_.server);
  if (!address) {
    fail(address.error().message, false);
    return;
  }
  address_.emplace(std::move(address).value());
  if (const auto made = makeSession(); !made) {
    fail(made.error().message, false);
    return;
  }
  connect();
}

Result<Done> WebSocketSignaler::makeSession() {
  Ptr<GTlsDatabase> trust;
  if (!options_.tls_ca_file.empty()) {
    Out<GError> error;
    // GIO wants an absolute path.
    const auto path = adopt(g_canonicalize_filename(options_.tls_ca_file.c_str(), nullptr));
    trust = adopt(g_tls_file_database_new(path.get(), &error));
    if (!trust) return Error{"The certificates in " + options_.tls_ca_file + " cannot be used: " + error->message};
  }
  io_->enter([&] {
    session_ = adopt(soup_session_new());
    if (trust) soup_session_set_tls_database(session_.get(), trust.get());
    if (address_->isLoopback()) soup_session_set_proxy_resolver(session_.get(), nullptr);
  });
  return Done{};
}

void WebSocketSignaler::connect() {
  state_ = State::Connecting;
  attempt_timeout_ = was_online_ && urgent() ? options_.urgent_timeout : options_.connect_timeout;
  attempt_deadline_ = Timer(io_->get(), attempt_timeout_, [this] { attemptTimedOut(); });
  io_->enter([&] {
    socket_ = std::make_unique<WebSocket>(
        session_.get(), *address_, options_.keepalive,
        WebSocket::Handlers{[this] { logIn(); }, [this](std::string_view text) { take(text); },
                            [this](const WebSocket::End& end) { ended(end); }});
  });
}

void WebSocketSignaler::logIn() {
  state_ = State::LoggingIn;
  login_id_ = std::to_string(++last_id_);
  shown_token_ = options_.token;
  Login login{options_.user, kProtocolVersion, options_.token, {}, {}, options_.visible, options_.groups};
  conversation_.prepare(login);
  socket_->send(encode(ClientMessage{login_id_, std::move(login)}));
}

void WebSocketSignaler::take(std::string_view text) {
  proof_.cancel();
  auto decoded = decodeNumberedMessage(text);
  if (!decoded) {
    g_debug("signaling: not understood: %s", decoded.error().message.c_str());
    if (state_ == State::LoggingIn && !was_online_) {
      fail("What answers at " + service() + " is no signaling service: its reply to the login is not in the protocol.",
           true);
    }
    return;
  }
  auto& message = decoded.value().message;
  // Before the login's reply nothing is counted.
  if (state_ == State::Online && !conversation_.take(message, decoded.value().numbers, text.size())) return;
  if (const auto owed = conversation_.owedWord()) socket_->send(encode(*owed));
  if (const auto* ok = std::get_if<Ok>(&message)) {
    answer(ok->id, *ok);
  } else if (const auto* error = std::get_if<RequestError>(&message); error != nullptr && !error->id.empty()) {
    answer(error->id, *error);
  } else {
    if (const auto* going = std::get_if<GoAway>(&message)) {
      go_away_ = std::clamp(Duration{going->reconnect_ms}, Duration::zero(), kLongestGoAway);
    }
    if (const auto* expires = std::get_if<TokenExpires>(&message)) {
      raise(TokenWanted{std::chrono::seconds(expires->in_s)});
      return;
    }
    raise(Received{std::move(message)});
  }
}

void WebSocketSignaler::answer(const std::string& id, const Reply& given) {
  if (state_ == State::LoggingIn && id == login_id_) {
    loginAnswered(given);
    return;
  }
  auto found = pending_.extract(id);
  if (found.empty()) return;  // too late: its deadline has passed
  reply(std::move(found.mapped().on_reply), given);
}

void WebSocketSignaler::loginAnswered(const Reply& given) {
  if (!given) {
    loginRefused(given.error());
    return;
  }
  attempt_deadline_.cancel();
  state_ = State::Online;
  was_online_ = true;
  online_since_ = SteadyClock().now();
  Online online;
  if (const auto* login = std::get_if<LoggedIn>(&given.value().body)) online.login = *login;
  if (!online.login.resumed) forgetRequests("the service has forgotten us");
  for (const auto& message : conversation_.begin(online.login)) socket_->send(encode(message));
  raise(std::move(online));
}

void WebSocketSignaler::loginRefused(const RequestError& error) {
  switch (error.code) {
    case ErrorCode::Unauthorized:
      if (was_online_) {
        awaitToken(error.message);
        return;
      }
      fail("The service at " + service() + " does not accept the token of “" + options_.user + "”: " + error.message,
           true);
      return;
    case ErrorCode::Version:
      fail("The service at " + service() + " speaks another version of the protocol: " + error.message, true);
      return;
    case ErrorCode::BadRequest:
      fail("The service at " + service() + " refuses the login of “" + options_.user + "”: " + error.message, true);
      return;
    case ErrorCode::NameTaken:
      if (!was_online_) {
        fail("The name “" + options_.user + "” is taken at " + service() + ". Log in under another one.", true);
        return;
      }
      break;
    default:
      break;
  }
  if (was_online_) {
    // Somebody may hold the name for a while, or the service may not be ready yet.
    retry("the service did not take the login back: " + error.message);
  } else {
    fail("The service at " + service() + " could not log “" + options_.user + "” in: " + error.message, true);
  }
}

/// The token was good once, so its time is over, and whoever owns us may have another one.
void WebSocketSignaler::awaitToken(const std::string& why) {
  attempt_deadline_.cancel();
  io_->enter([&] { socket_.reset(); });
  if (shown_token_ != options_.token) {
    connect();
    return;
  }
  state_ = State::WantsToken;
  if (!conversation_.lasts()) forgetRequests("the service wants another token");
  retry_timer_ = Timer(io_->get(), options_.token_patience, [this, why] {
    fail("The service at " + service() + " does not accept the token of “" + options_.user + "” any more: " + why,
         true);
  });
  raise(Offline{"the token is not accepted any more: " + why, Duration::zero()});
  raise(TokenWanted{Duration::zero()});
}

void WebSocketSignaler::attemptTimedOut() {
  const bool silent = state_ == State::LoggingIn;
  if (was_online_) {
    retry("no answer within " + seconds(attempt_timeout_));
  } else if (silent) {
    fail("What answers at " + service() + " did not reply to the login within " + seconds(attempt_timeout_) +
             ". Is it a signaling service?",
         false);
  } else {
    fail("No signaling service at " + service() + ": no answer within " + seconds(attempt_timeout_) +
             ". Start one with `rtc-signald`, or name the server that you mean.",
         false);
  }
}

void WebSocketSignaler::ended(const WebSocket::End& end) {
  if (state_ == State::Stopped) {
    socket_.reset();
  } else if (was_online_) {
    retry(end.why);
  } else if (end.kind == WebSocket::End::Kind::Unreachable) {
    fail("No signaling service at " + service() + ": " + end.why +
             ". Start one with `rtc-signald`, or name the server that you mean.",
         false);
  } else if (end.kind == WebSocket::End::Kind::Rejected) {
    fail("The service at " + service() + " cannot be used: " + end.why + ".", true);
  } else {
    fail("The connection to " + service() + " broke off before the login was answered: " + end.why + ".", false);
  }
}

void WebSocketSignaler::retry(std::string why) {
  if (state_ == State::Online && SteadyClock().now() - online_since_ >= options_.last_retry) backoff_.reset();
  state_ = State::Waiting;
  attempt_deadline_.cancel();
  proof_.cancel();
  io_->enter([&] { socket_.reset(); });
  Duration wait = go_away_ ? *std::exchange(go_away_, std::nullopt) : backoff_.next();
  if (urgent()) wait = std::min(wait, options_.urgent_retry);
  // Where both sides count, the answers come after the return.
  if (!conversation_.lasts()) forgetRequests("the connection to the service was lost");
  retry_timer_ = Timer(io_->get(), wait, [this] { connect(); });
  raise(Offline{std::move(why), wait});
}

void WebSocketSignaler::fail(std::string why, bool refused) {
  state_ = State::Failed;
  attempt_deadline_.cancel();
  retry_timer_.cancel();
  io_->enter([&] { socket_.reset(); });
  forgetRequests("the service could not be reached");
  raise(Failed{std::move(why), refused});
}

void WebSocketSignaler::forgetRequests(const std::string& why) {
  auto forgotten = std::exchange(pending_, {});
  for (auto& [id, pending] : forgotten) {
    reply(std::move(pending.on_reply), RequestError{id, ErrorCode::Internal, why});
  }
}

void WebSocketSignaler::send(ClientBody body) {
  const bool online = state_ == State::Online;
  const bool kept = was_online_ && conversation_.lasts() && state_ != State::Failed && state_ != State::Stopped;
  if (!online && !kept) return;
  ClientMessage message{"", std::move(body)};
  if (!fits(message)) {
    g_warning("signaling: a %s is too large to send", std::string(typeOf(message.body)).c_str());
    return;
  }
  const auto text = encode(conversation_.number(std::move(message)));
  if (online) io_->enter([&] { socket_->send(text); });
}

void WebSocketSignaler::request(ClientBody body, std::function<void(const Reply&)> on_reply) {
  g_assert(state_ != State::New);
  if (state_ == State::Stopped) return;
  auto id = std::to_string(++last_id_);
  if (state_ != State::Online) {
    reply(std::move(on_reply), RequestError{std::move(id), ErrorCode::NotLoggedIn, "not connected to the service"});
    return;
  }
  ClientMessage message{id, std::move(body)};
  if (!fits(message)) {
    reply(std::move(on_reply), RequestError{std::move(id), ErrorCode::TooLarge, "the message is too large to send"});
    return;
  }
  Timer deadline(io_->get(), options_.request_timeout, [this, id] {
    answer(id, RequestError{id, ErrorCode::Internal,
                            "the service did not answer within " + seconds(options_.request_timeout)});
  });
  pending_.emplace(std::move(id), Pending{std::move(on_reply), std::move(deadline)});
  const auto text = encode(conversation_.number(std::move(message)));
  io_->enter([&] { socket_->send(text); });
}

void WebSocketSignaler::check() {
  if (!was_online_) return;
  urgent_until_ = SteadyClock().now() + options_.urgent_for;
  switch (state_) {
    case State::Online:
      proof_ = Timer(io_->get(), options_.proof, [this] { retry("the service is silent"); });
      return;
    case State::Waiting:
      retry_timer_.cancel();
      connect();
      return;
    case State::Connecting:
    case State::LoggingIn:
      // It may have begun on a network that is gone.
      io_->enter([&] { socket_.reset(); });
      connect();
      return;
    case State::New:
    case State::WantsToken:
    case State::Failed:
    case State::Stopped:
      return;
  }
}

void WebSocketSignaler::setToken(std::string token) {
  options_.token = std::move(token);
  if (state_ == State::WantsToken) {
    retry_timer_.cancel();
    connect();
  } else if (state_ == State::Online) {
    request(RenewToken{options_.token}, [this](const Reply& given) {
      const auto* renewed = given ? std::get_if<TokenRenewed>(&given.value().body) : nullptr;
      raise(TokenAnswered{given ? "" : given.error().message,
                          std::chrono::seconds(renewed != nullptr ? renewed->expires_s : 0)});
    });
  }
}

void WebSocketSignaler::setVisible(bool visible) {
  options_.visible = visible;
  send(SetPresence{visible});
}

void WebSocketSignaler::stop() {
  g_assert(state_ != State::Stopped);
  const bool open = state_ == State::Online || state_ == State::LoggingIn;
  const bool started = std::exchange(state_, State::Stopped) != State::New;
  if (!started) return;
  running_.reset();
  attempt_deadline_.cancel();
  retry_timer_.cancel();
  proof_.cancel();
  pending_.clear();
  on_event_ = nullptr;
  io_->enter([&] {
    if (open && socket_) socket_->close();
  });
  if (open) io_->serveUntil([&] { return socket_ == nullptr; }, kFlushTime);
  io_->enter([&] {
    socket_.reset();
    if (session_) soup_session_abort(session_.get());
  });
  io_->serveUntil([&] { return !g_main_context_pending(io_->get()); }, kCleanUpTime);
  session_.reset();
  io_.reset();
}

void WebSocketSignaler::raise(SignalerEvent event) {
  later([this, event = std::move(event)] {
    // The handler may stop this signaler, and destroy it.
    const auto on_event = on_event_;
    on_event(event);
  });
}

void WebSocketSignaler::reply(std::function<void(const Reply&)> on_reply, Reply given) {
  later([on_reply = std::move(on_reply), given = std::move(given)] { on_reply(given); });
}

// Every callback comes from the owner's loop, never from inside one of our calls or of the socket's: so the owner may
// do in it what it likes, `stop` included. Sources of one priority are served in the order in which they were attached.
void WebSocketSignaler::later(Task call) {
  struct Posted {
    std::weak_ptr<bool> running;
    Task call;
  };
  const auto source = adopt(g_idle_source_new());
  g_source_set_priority(source.get(), G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source.get(),
      [](gpointer data) -> gboolean {
        auto& posted = *static_cast<Posted*>(data);
        if (!posted.running.expired()) posted.call();
        return G_SOURCE_REMOVE;
      },
      new Posted{running_, std::move(call)}, [](gpointer data) { delete static_cast<Posted*>(data); });
  g_source_attach(source.get(), owner_.get());
}

}  // namespace

std::unique_ptr<Signaler> makeWebSocketSignaler(SignalerOptions options) {
  return std::make_unique<WebSocketSignaler>(std::move(options));
}

}  // namespace rtc::signaling
