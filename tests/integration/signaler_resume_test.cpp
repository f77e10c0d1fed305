// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The native client with the real service, between which a proxy cuts the connection, and which is killed: what was
// said arrives, once, and calls go on.
#include <csignal>

#include "tests/integration/cutting_proxy.hpp"
#include "tests/integration/signaling_client.hpp"
#include "tests/support/signald_process.hpp"

using namespace rtc;
using namespace rtc::signaling;
using namespace rtc::testing;

namespace {

SignalerOptions named(const std::string& server, const std::string& user) {
  auto options = optionsFor(server);
  options.user = user;
  return options;
}

/// Alice, over a proxy, and Bob in a connected call `c`.
struct InCall {
  explicit InCall(const std::string& direct, const std::string& proxied)
      : alice(named(proxied, "alice")), bob(named(direct, "bob")) {
    alice.expect<Online>();
    bob.expect<Online>();
    alice->request(Call{"c", "bob", {}}, [](const Reply& reply) { RTC_ASSERT(reply.ok()); });
    RTC_ASSERT_EQ(std::get<IncomingCall>(bob.expect<Received>().message).call, "c");
    bob->send(Accept{"c"});
    RTC_ASSERT_EQ(std::get<PeerAccepted>(alice.expect<Received>().message).from, "bob");
    alice->send(Connected{"c"});
    bob->send(Connected{"c"});
    // What was said before the replies has arrived with them, the tickets included.
    int replies = 0;
    for (auto* client : {&alice, &bob}) (*client)->request(ListUsers{}, [&](const Reply&) { ++replies; });
    RTC_ASSERT(waitFor([&] { return replies == 2; }));
  }

  SignalingClient alice;
  SignalingClient bob;
};

Candidate candidate(int number) {
  return {"c", "", {std::to_string(number)}};
}

/// The candidates that the client has received from now on, until there are so many.
std::string candidatesOf(SignalingClient& client, std::size_t count) {
  std::string heard;
  for (std::size_t i = 0; i < count;) {
    const auto event = client.expectAny();
    const auto* received = std::get_if<Received>(&event);
    const auto* one = received != nullptr ? std::get_if<PeerCandidate>(&received->message) : nullptr;
    if (one == nullptr) continue;
    heard += one->candidate.text + " ";
    ++i;
  }
  return heard;
}

std::string numbers(int first, int last) {
  std::string text;
  for (int i = first; i <= last; ++i) text += std::to_string(i) + " ";
  return text;
}

}  // namespace

RTC_TEST(a_connection_that_is_cut_again_and_again_loses_and_doubles_nothing) {
  const SignaldProcess service;
  CuttingProxy proxy(service.port());
  InCall two(service.uri(), proxy.uri());
  // Cut in the midst of what goes both ways; some is said while there is no connection.
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 10; ++i) {
      two.alice->send(candidate(round * 20 + i));
      two.bob->send(candidate(round * 20 + i));
    }
    proxy.cut();
    for (int i = 10; i < 20; ++i) {
      two.alice->send(candidate(round * 20 + i));
      two.bob->send(candidate(round * 20 + i));
    }
    RTC_ASSERT_EQ(candidatesOf(two.bob, 20), numbers(round * 20, round * 20 + 19));
    RTC_ASSERT_EQ(candidatesOf(two.alice, 20), numbers(round * 20, round * 20 + 19));
  }
}

RTC_TEST(a_hang_up_said_while_the_service_is_away_is_heard_at_the_return) {
  const SignaldProcess service;
  CuttingProxy proxy(service.port());
  InCall two(service.uri(), proxy.uri());
  proxy.shut();
  two.alice.expect<Offline>();
  two.alice->send(Leave{"c", "", Reason::Hangup});
  proxy.reopen();
  const auto ended = std::get<Ended>(two.bob.expect<Received>().message);
  RTC_ASSERT(ended.reason == Reason::Hangup);
  RTC_ASSERT_EQ(ended.by, "alice");
}

RTC_TEST(a_call_outlives_the_service) {
  auto service = std::make_unique<SignaldProcess>();
  const auto port = std::to_string(service->port());
  InCall two(service->uri(), service->uri());
  service->process().signal(SIGKILL);
  RTC_ASSERT_EQ(service->process().wait().value_or(0), -SIGKILL);
  two.alice.expect<Offline>();
  two.bob.expect<Offline>();
  service.reset();
  service = std::make_unique<SignaldProcess>(std::vector<std::string>{"--port", port});
  const auto back = [](SignalingClient& client) {
    return waitFor([&] { return std::holds_alternative<Online>(client.events().back()); });
  };
  RTC_ASSERT(back(two.alice) && back(two.bob));
  two.alice.forget();
  two.bob.forget();
  // Which of the two has claimed the call first, nobody knows: what is said before the other has, is dropped.
  RTC_ASSERT(waitFor([&] {
    two.alice->send(candidate(1));
    return two.bob.events().size() > 0 && std::holds_alternative<Received>(two.bob.events().back());
  }));
  const auto heard = std::get<Received>(two.bob.events().back()).message;
  RTC_ASSERT_EQ(std::get<PeerCandidate>(heard).call, "c");
  two.alice.forget();
  two.bob->send(Leave{"c", "", Reason::Hangup});
  RTC_ASSERT(std::get<Ended>(two.alice.expect<Received>().message).reason == Reason::Hangup);
}

RTC_TEST(a_hang_up_said_while_the_service_is_killed_is_heard_from_the_next_one) {
  auto service = std::make_unique<SignaldProcess>();
  const auto port = std::to_string(service->port());
  InCall two(service->uri(), service->uri());
  service->process().signal(SIGKILL);
  RTC_ASSERT_EQ(service->process().wait().value_or(0), -SIGKILL);
  two.alice.expect<Offline>();
  two.bob.expect<Offline>();
  two.alice->send(Leave{"c", "", Reason::Hangup});
  service.reset();
  service = std::make_unique<SignaldProcess>(std::vector<std::string>{"--port", port});
  RTC_ASSERT(waitFor([&] {
    const auto* last = std::get_if<Received>(&two.bob.events().back());
    const auto* ended = last != nullptr ? std::get_if<Ended>(&last->message) : nullptr;
    return ended != nullptr && ended->by == "alice" && ended->reason == Reason::Hangup;
  }));
}

RTC_TEST(a_service_that_is_silent_when_it_is_needed_is_given_up_at_once) {
  SignaldProcess service;
  auto options = named(service.uri(), "alice");
  options.proof = Duration{200};
  SignalingClient alice(std::move(options));
  alice.expect<Online>();
  service.process().freeze();
  alice->request(GetIceServers{}, [](const Reply&) {});
  alice->check();
  assertSays(alice.expect<Offline>().why, "silent");
  service.process().thaw();
  alice.expect<Online>();
}

RTC_TEST(a_service_that_answers_keeps_its_connection) {
  // That it is asked as fast as it answers is not what it would be limited for.
  const SignaldProcess service({"--frame-rate", "1000000", "--frame-burst", "1000000", "--message-rate", "1000000",
                                "--message-burst", "1000000"});
  auto options = named(service.uri(), "alice");
  options.proof = Duration{2'000};
  SignalingClient alice(std::move(options));
  alice.expect<Online>();
  // Asked for longer than the proof may take, with an answer each time.
  const auto until = SteadyClock().now() + Duration{2'500};
  while (SteadyClock().now() < until) {
    bool answered = false;
    alice->request(GetIceServers{}, [&](const Reply& reply) { answered = reply.ok(); });
    alice->check();
    RTC_ASSERT(waitFor([&] { return answered; }));
  }
  RTC_ASSERT_EQ(alice.events().size(), 1U);
}

RTC_TEST(a_lost_service_that_is_needed_is_not_waited_for) {
  const SignaldProcess service;
  CuttingProxy proxy(service.port());
  auto options = named(proxy.uri(), "alice");
  options.first_retry = options.last_retry = Duration{3'600'000};
  SignalingClient alice(std::move(options));
  alice.expect<Online>();
  proxy.shut();
  alice.expect<Offline>();
  // Tried at once, in vain; then often.
  alice->check();
  alice.expect<Offline>();
  proxy.reopen();
  RTC_ASSERT(waitFor([&] { return std::holds_alternative<Online>(alice.events().back()); }));
}
