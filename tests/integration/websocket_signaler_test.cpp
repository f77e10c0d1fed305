// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/client/websocket_signaler.hpp"

#include <optional>

#include "signaling/protocol/limits.hpp"
#include "tests/integration/scripted_service.hpp"
#include "tests/integration/signaling_client.hpp"

using namespace rtc;
using namespace rtc::signaling;
using namespace rtc::testing;

namespace {

ScriptedService::Script refuse(ErrorCode code) {
  return [code](const std::string& text) -> std::vector<std::string> {
    return {encode(ServerMessage(RequestError{decodeClientMessage(text).id, code, "no"}))};
  };
}

Duration timeOf(const std::function<void()>& call) {
  const Instant start = SteadyClock().now();
  call();
  return SteadyClock().now() - start;
}

}  // namespace

RTC_TEST(a_login_tells_name_token_and_version_and_ends_online) {
  ScriptedService service({.script = greet});
  auto options = optionsFor(service.uri());
  options.token = "proof";
  SignalingClient client(options);
  const auto online = client.expect<Online>();
  RTC_ASSERT_EQ(online.login.user, "alice");
  const auto said = decodeClientMessage(service.heard().at(0));
  const auto& login = std::get<Login>(said.body);
  RTC_ASSERT_EQ(login.name, "alice");
  RTC_ASSERT_EQ(login.token, "proof");
  RTC_ASSERT_EQ(*login.version, kProtocolVersion);
  RTC_ASSERT_EQ(login.resume, "");
}

RTC_TEST(a_reply_finds_its_request_and_no_other) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  // The second request is answered first.
  service.setScript([](const std::string& text) -> std::vector<std::string> {
    static std::string first;
    const auto message = decodeClientMessage(text);
    if (std::holds_alternative<Call>(message.body)) {
      first = message.id;
      return {};
    }
    return {encode(ServerMessage(Ok{message.id, UserList{{{"bob", true}}}})),
            encode(ServerMessage(RequestError{first, ErrorCode::Unavailable, "bob is away"}))};
  });
  std::optional<RequestError> call;
  std::optional<UserList> users;
  client->request(Call{"c1", "bob", {}}, [&](const Reply& reply) { call = reply.error(); });
  client->request(ListUsers{}, [&](const Reply& reply) { users = std::get<UserList>(reply.value().body); });
  RTC_ASSERT(waitFor([&] { return call && users; }));
  RTC_ASSERT(call->code == ErrorCode::Unavailable);
  RTC_ASSERT_EQ(users->users.at(0).name, "bob");
}

RTC_TEST(a_request_without_an_answer_ends_at_its_deadline) {
  ScriptedService service({.script = greet});
  auto options = optionsFor(service.uri());
  options.request_timeout = Duration{50};
  SignalingClient client(options);
  client.expect<Online>();
  int errors = 0;
  client->request(ListUsers{}, [&](const Reply& reply) { errors += reply.ok() ? 100 : 1; });
  RTC_ASSERT(waitFor([&] { return errors != 0; }));
  RTC_ASSERT_EQ(errors, 1);
}

RTC_TEST(other_messages_are_events) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.say(encode(ServerMessage(IncomingCall{"c7", "bob", {}})));
  const auto received = client.expect<Received>();
  RTC_ASSERT_EQ(std::get<IncomingCall>(received.message).from, "bob");
}

RTC_TEST(a_refused_login_fails_for_good_and_says_why) {
  const std::pair<ErrorCode, const char*> refusals[] = {
      {ErrorCode::NameTaken, "is taken"},
      {ErrorCode::Unauthorized, "does not accept the token"},
      {ErrorCode::Version, "another version"},
      {ErrorCode::BadRequest, "refuses the login"},
  };
  for (const auto& [code, words] : refusals) {
    ScriptedService service({.script = refuse(code)});
    SignalingClient client(optionsFor(service.uri()));
    const auto failed = client.expect<Failed>();
    RTC_ASSERT(failed.refused);
    assertSays(failed.why, words);
    assertSays(failed.why, service.uri());
    // For good: well after any retry, nothing more has happened.
    waitFor([&] { return client.events().size() > 1; }, Duration{200});
    RTC_ASSERT_EQ(client.events().size(), 1u);
  }
}

RTC_TEST(nobody_there_fails_at_once_and_says_what_to_do) {
  std::string uri;
  { uri = ScriptedService({}).uri(); }
  SignalingClient client(optionsFor(uri));
  const auto failed = client.expect<Failed>();
  RTC_ASSERT(!failed.refused);
  assertSays(failed.why, "No signaling service at " + uri + ": connection refused");
  assertSays(failed.why, "rtc-signald");
}

RTC_TEST(a_service_that_never_answers_the_login_fails_at_the_deadline) {
  ScriptedService service({});
  auto options = optionsFor(service.uri());
  options.connect_timeout = Duration{100};
  SignalingClient client(options);
  assertSays(client.expect<Failed>().why, "did not reply to the login");
}

RTC_TEST(a_service_that_never_answers_the_handshake_fails_at_the_deadline) {
  ScriptedService service({.script = greet});
  service.freeze();
  auto options = optionsFor(service.uri());
  options.connect_timeout = Duration{100};
  SignalingClient client(options);
  assertSays(client.expect<Failed>().why, "no answer within 1 s");
}

RTC_TEST(a_web_server_without_signaling_is_named_as_such) {
  ScriptedService service({.http_status = 404});
  SignalingClient client(optionsFor(service.uri()));
  const auto failed = client.expect<Failed>();
  RTC_ASSERT(failed.refused);
  assertSays(failed.why, "HTTP 404");
}

RTC_TEST(rubbish_instead_of_a_login_reply_fails) {
  ScriptedService service({.script = [](const std::string&) { return std::vector<std::string>{"Hello World"}; }});
  SignalingClient client(optionsFor(service.uri()));
  assertSays(client.expect<Failed>().why, "no signaling service");
}

RTC_TEST(rubbish_later_is_passed_over) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  for (const char* rubbish : {"", "{", "null", "[]", "{\"type\":5}", "{\"type\":\"ok\",\"id\":\"99\"}"})
    service.say(rubbish);
  service.say(encode(ServerMessage(PeerRinging{"c1", "bob"})));
  RTC_ASSERT_EQ(std::get<PeerRinging>(client.expect<Received>().message).call, "c1");
}

RTC_TEST(what_is_no_address_of_a_service_fails) {
  for (const char* uri : {"", "bob", "http://127.0.0.1:8888", "ws://", "ws:///x", "ws://[::1"}) {
    SignalingClient client(optionsFor(uri));
    assertSays(client.expect<Failed>().why, "is no address of a signaling service");
  }
}

RTC_TEST(after_a_loss_it_comes_back_with_its_resume_secret) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  bool forgotten = false;
  client->request(ListUsers{}, [&](const Reply& reply) { forgotten = !reply.ok(); });
  RTC_ASSERT(waitFor([&] { return service.heard().size() == 2; }));
  service.drop();
  client.expect<Offline>();
  RTC_ASSERT(waitFor([&] { return forgotten; }));
  client.expect<Online>();
  RTC_ASSERT_EQ(std::get<Login>(decodeClientMessage(service.heard().at(2)).body).resume, "secret");
}

RTC_TEST(requests_while_offline_end_at_once) {
  auto service = std::make_unique<ScriptedService>(ScriptedService::Options{.script = greet});
  SignalingClient client(optionsFor(service->uri()));
  client.expect<Online>();
  service.reset();
  client.expect<Offline>();
  bool ended = false;
  client->request(ListUsers{}, [&](const Reply& reply) { ended = !reply.ok(); });
  RTC_ASSERT(!ended);
  RTC_ASSERT(waitFor([&] { return ended; }, Duration{1'000}));
}

RTC_TEST(it_keeps_trying_until_the_service_is_there_again) {
  auto service = std::make_unique<ScriptedService>(ScriptedService::Options{.script = greet});
  const guint port = service->port();
  SignalingClient client(optionsFor(service->uri()));
  client.expect<Online>();
  service.reset();
  for (int attempt = 0; attempt < 4; ++attempt) client.expect<Offline>();
  service = std::make_unique<ScriptedService>(ScriptedService::Options{.script = greet, .port = port});
  RTC_ASSERT(waitFor([&] { return std::holds_alternative<Online>(client.events().back()); }));
}

RTC_TEST(a_name_that_is_taken_when_coming_back_is_tried_again) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.setScript(refuse(ErrorCode::NameTaken));
  service.drop();
  client.expect<Offline>();
  client.expect<Offline>();
  service.setScript(greet);
  RTC_ASSERT(waitFor([&] { return std::holds_alternative<Online>(client.events().back()); }));
}

RTC_TEST(a_token_that_is_no_longer_accepted_is_asked_for_and_fails_if_there_is_none) {
  ScriptedService service({.script = greet});
  auto options = optionsFor(service.uri());
  options.token_patience = Duration{100};
  SignalingClient client(options);
  client.expect<Online>();
  service.setScript(refuse(ErrorCode::Unauthorized));
  service.drop();
  client.expect<Offline>();
  assertSays(client.expect<Offline>().why, "the token is not accepted any more");
  RTC_ASSERT_EQ(client.expect<TokenWanted>().left.count(), 0);
  RTC_ASSERT(client.expect<Failed>().refused);
  // Asked once: who goes on and on with a wrong token makes everybody at its address wait.
  RTC_ASSERT_EQ(service.heard().size(), 2U);
}

RTC_TEST(a_login_whose_token_had_expired_goes_on_with_the_next_one) {
  ScriptedService service({.script = greet});
  auto options = optionsFor(service.uri());
  options.token = "old";
  SignalingClient client(options);
  client.expect<Online>();
  service.setScript([](const std::string& text) {
    const auto message = decodeClientMessage(text);
    return std::get<Login>(message.body).token == "new" ? greet(text) : refuse(ErrorCode::Unauthorized)(text);
  });
  service.drop();
  client.expect<Offline>();
  client.expect<Offline>();
  client.expect<TokenWanted>();
  client->setToken("new");
  client.expect<Online>();
}

RTC_TEST(a_token_that_is_about_to_expire_is_renewed_and_what_became_of_it_is_told) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.say(encode(ServerMessage(TokenExpires{60})));
  RTC_ASSERT_EQ(client.expect<TokenWanted>().left.count(), 60'000);
  service.setScript([](const std::string& text) -> std::vector<std::string> {
    const auto message = decodeClientMessage(text);
    const auto* renewal = std::get_if<RenewToken>(&message.body);
    if (renewal == nullptr) return greet(text);
    if (renewal->token == "good") return {encode(ServerMessage(Ok{message.id, TokenRenewed{3'600}}))};
    return {encode(ServerMessage(RequestError{message.id, ErrorCode::Unauthorized, "it is of bob"}))};
  });
  client->setToken("bad");
  RTC_ASSERT_EQ(client.expect<TokenAnswered>().why, "it is of bob");
  client->setToken("good");
  const auto answered = client.expect<TokenAnswered>();
  RTC_ASSERT_EQ(answered.why, "");
  RTC_ASSERT_EQ(answered.valid_for.count(), 3'600'000);
  // And the next login shows it.
  service.drop();
  client.expect<Offline>();
  client.expect<Online>();
  RTC_ASSERT_EQ(std::get<Login>(decodeClientMessage(service.heard().back()).body).token, "good");
}

RTC_TEST(whether_one_may_be_watched_is_said_at_once_and_at_the_next_login) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  client->setVisible(true);
  RTC_ASSERT(waitFor([&] { return service.heard().size() == 2; }));
  RTC_ASSERT(std::get<SetPresence>(decodeClientMessage(service.heard().back()).body).visible);
  service.drop();
  client.expect<Offline>();
  client.expect<Online>();
  RTC_ASSERT(std::get<Login>(decodeClientMessage(service.heard().back()).body).visible);
}

RTC_TEST(a_service_that_goes_away_is_asked_again_when_it_said) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.say(encode(ServerMessage(GoAway{123})));
  client.expect<Received>();
  service.drop();
  RTC_ASSERT_EQ(client.expect<Offline>().retry_in.count(), 123);
  client.expect<Online>();
}

RTC_TEST(a_dead_service_is_noticed_by_its_silence) {
  ScriptedService service({.script = greet});
  auto options = optionsFor(service.uri());
  options.keepalive = Duration{1'000};
  SignalingClient client(options);
  client.expect<Online>();
  // A living one is left alone.
  waitFor([&] { return client.events().size() > 1; }, Duration{3'000});
  RTC_ASSERT_EQ(client.events().size(), 1u);
  service.freeze();
  const Duration took = timeOf([&] { assertSays(client.expect<Offline>().why, "no sign of life"); });
  RTC_ASSERT(took < Duration{4'000});
  service.resume();
  client.expect<Online>();
}

RTC_TEST(a_message_larger_than_allowed_is_a_loss) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.say(std::string(kMaxServerMessageBytes + 2, 'x'));
  client.expect<Offline>();
  client.expect<Online>();
}

RTC_TEST(a_request_larger_than_allowed_is_refused_here) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  std::optional<ErrorCode> code;
  client->request(Call{"c1", std::string(70'000, 'x'), {}}, [&](const Reply& reply) { code = reply.error().code; });
  RTC_ASSERT(waitFor([&] { return code.has_value(); }));
  RTC_ASSERT(*code == ErrorCode::TooLarge);
}

RTC_TEST(stop_writes_out_what_is_queued_and_says_good_bye) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  const std::string sdp(20'000, 'x');
  for (int i = 0; i < 100; ++i) client->send(Offer{"c1", "", {"{\"sdp\":\"" + sdp + "\"}"}});
  client->send(Leave{"c1", "", Reason::Hangup});
  const Duration took = timeOf([&] { client.stop(); });
  RTC_ASSERT(took < Duration{1'500});
  RTC_ASSERT(waitFor([&] { return service.closedByClients() == 1; }));
  const auto heard = service.heard();
  RTC_ASSERT_EQ(heard.size(), 102u);
  RTC_ASSERT(std::holds_alternative<Leave>(decodeClientMessage(heard.back()).body));
}

RTC_TEST(stop_does_not_wait_long_for_a_service_that_reads_nothing) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  service.freeze();
  const std::string sdp(60'000, 'x');
  for (int i = 0; i < 200; ++i) client->send(Offer{"c1", "", {"{\"sdp\":\"" + sdp + "\"}"}});
  const Duration took = timeOf([&] { client.stop(); });
  ck_assert_msg(took >= Duration{900} && took < Duration{2'000}, "took %d ms", static_cast<int>(took.count()));
}

RTC_TEST(nothing_is_called_after_stop) {
  ScriptedService service({.script = greet});
  SignalingClient client(optionsFor(service.uri()));
  client.expect<Online>();
  int replies = 0;
  client->request(ListUsers{}, [&](const Reply&) { ++replies; });
  service.say(encode(ServerMessage(PeerRinging{"c1", "bob"})));
  RTC_ASSERT(waitFor([&] { return service.heard().size() == 2; }));
  const auto events = client.events().size();
  client.stop();
  waitFor([] { return false; }, Duration{100});
  RTC_ASSERT_EQ(client.events().size(), events);
  RTC_ASSERT_EQ(replies, 0);
}

RTC_TEST(it_may_be_stopped_and_destroyed_in_its_own_callback) {
  ScriptedService service({.script = greet});
  auto signaler = makeWebSocketSignaler(optionsFor(service.uri()));
  bool stopped = false;
  signaler->start([&](const SignalerEvent&) {
    signaler->stop();
    signaler.reset();
    stopped = true;
  });
  RTC_ASSERT(waitFor([&] { return stopped; }));
  RTC_ASSERT(waitFor([&] { return service.closedByClients() == 1; }));
}

RTC_TEST(it_may_be_stopped_while_it_connects_or_waits) {
  ScriptedService service({.script = greet});
  { const SignalingClient connecting(optionsFor(service.uri())); }
  auto options = optionsFor(service.uri());
  options.first_retry = options.last_retry = Duration{60'000};
  SignalingClient waiting(options);
  waiting.expect<Online>();
  service.drop();
  waiting.expect<Offline>();
  RTC_ASSERT(timeOf([&] { waiting.stop(); }) < Duration{500});
}
