// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service with keys, over real sockets: who gets in, and what attackers get.
#include <csignal>
#include <cstdlib>

#include "tests/integration/signaling_client.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace rtc;
using namespace rtc::testing;

namespace {

constexpr auto kSecret = "a secret of more than thirty-two bytes";
constexpr auto kOther = "another secret of more than 32 bytes!";

std::string hmacKey(const std::string& secret) {
  return "[main]\nalgorithm=HS256\nsecret=" + secret + "\n";
}

/// A service with keys, and tokens made by the program itself.
struct Guarded {
  TemporaryFolder folder;
  std::string keys = folder.write("keys", hmacKey(kSecret));
  SignaldProcess service;

  explicit Guarded(std::vector<std::string> options = {}) : service(with(std::move(options))) {}

  std::vector<std::string> with(std::vector<std::string> options) const {
    options.insert(options.end(), {"--token-keys", keys});
    return options;
  }
  std::string token(std::vector<std::string> more) const {
    std::vector<std::string> argv{std::getenv("RTC_SIGNALD"), "token", "--token-keys", keys, "--user"};
    argv.insert(argv.end(), more.begin(), more.end());
    ChildProcess mint(argv);
    const auto line = mint.readLine().value_or("");
    RTC_ASSERT_EQ(mint.wait().value_or(-1), 0);
    return line;
  }
  std::unique_ptr<SocketClient> client() const { return std::make_unique<SocketClient>(service.uri()); }
  std::unique_ptr<SocketClient> loggedIn(const std::string& name) const {
    auto one = client();
    const auto reply = one->ask(login(name, token({name, "--may", "call", "--may", "list", "--may", "watch"})));
    ck_assert_msg(reply.starts_with(R"({"type":"ok")"), "%s", reply.c_str());
    return one;
  }
  static std::string login(const std::string& name, const std::string& token) {
    return R"({"type":"login","id":"1","name":")" + name + R"(","version":1,"token":")" + token + "\"}";
  }
};

bool refused(const std::string& reply, const std::string& code) {
  return reply.starts_with(R"({"type":"error","id":"1","code":")" + code + "\"");
}

}  // namespace

RTC_TEST(a_minted_token_opens_the_door_and_nothing_else_does) {
  const Guarded house;
  const auto alice = house.token({"alice", "--name", "Alice A."});
  RTC_ASSERT(house.client()->ask(Guarded::login("alice", alice)).find(R"("expires_s":36)") != std::string::npos);
  RTC_ASSERT(house.client()->ask(Guarded::login("", alice)).find(R"("user":"alice")") != std::string::npos);
  for (const auto& wrong : {std::string(), std::string("guess"), alice + "A", house.token({"bob"})}) {
    RTC_ASSERT(refused(house.client()->ask(Guarded::login("alice", wrong)), "unauthorized"));
  }
  RTC_ASSERT_EQ(house.client()->ask(R"({"type":"login","name":"bert"})"), R"({"type":"login","success":false})");
}

RTC_TEST(a_storm_of_wrong_tokens_costs_its_connections_and_then_waits) {
  const Guarded house({"--wrong-logins", "2"});
  for (int i = 0; i < 2; ++i) {
    const auto client = house.client();
    RTC_ASSERT(refused(client->ask(Guarded::login("alice", "guess")), "unauthorized"));
    RTC_ASSERT(refused(client->ask(Guarded::login("alice", "guess")), "unauthorized"));
    RTC_ASSERT_EQ(client->closeCode().value_or(0), 4005);
  }
  const auto client = house.client();
  RTC_ASSERT(refused(client->ask(Guarded::login("alice", "guess")), "unauthorized"));
  // Even the right token waits now.
  RTC_ASSERT(refused(client->ask(Guarded::login("alice", house.token({"alice"}))), "rate_limited"));
}

RTC_TEST(a_sender_cannot_be_spoofed_nor_a_foreign_call_touched) {
  const Guarded house;
  const auto alice = house.loggedIn("alice");
  const auto bob = house.loggedIn("bob");
  const auto mallory = house.loggedIn("mallory");
  alice->say(R"({"type":"call","call":"c","to":"bob","from":"mallory","display":"the boss"})");
  RTC_ASSERT_EQ(bob->hear(), R"({"type":"call","call":"c","from":"alice","media":{"audio":true,"video":true}})");
  for (const char* type : {"accept", "decline", "cancel", "leave", "connected"}) {
    const auto reply = mallory->ask(std::string(R"({"type":")") + type + R"(","id":"1","call":"c","from":"bob"})");
    ck_assert_msg(refused(reply, "no_such_call"), "%s", reply.c_str());
  }
  RTC_ASSERT(refused(
      mallory->ask(
          R"({"type":"reattach","id":"1","call":"c","with":"alice","role":"callee","secret":"guess-of-22-characters"})"),
      "no_such_call"));
  RTC_ASSERT(alice->hearsNothing());
  RTC_ASSERT(bob->hearsNothing());
}

RTC_TEST(a_caller_who_spams_is_slowed_down) {
  const Guarded house({"--call-burst", "3", "--call-rate", "0.001"});
  const auto mallory = house.loggedIn("mallory");
  const auto bob = house.loggedIn("bob");
  for (int i = 0; i < 3; ++i) {
    const auto id = "c" + std::to_string(i);
    mallory->ask(R"({"type":"call","id":"1","to":"bob","call":")" + id + "\"}");
    bob->hear();
    mallory->ask(R"({"type":"cancel","id":"1","call":")" + id + "\"}");
    bob->hear();
  }
  RTC_ASSERT(refused(mallory->ask(R"({"type":"call","id":"1","to":"bob","call":"c3"})"), "rate_limited"));
  RTC_ASSERT(bob->hearsNothing());
}

RTC_TEST(a_flood_ends_with_the_connection) {
  const Guarded house({"--message-burst", "10", "--message-rate", "0.1"});
  const auto mallory = house.loggedIn("mallory");
  for (int i = 0; i < 40; ++i) mallory->say(R"({"type":"users"})");
  RTC_ASSERT_EQ(mallory->closeCode().value_or(0), 4004);
}

RTC_TEST(keys_are_read_again_and_a_wrong_file_changes_nothing) {
  Guarded house;
  const auto old_token = house.token({"alice"});
  const auto stays = house.loggedIn("stays");
  const auto signal_and_wait = [&](const std::string& text, const std::string& probe, bool works) {
    house.folder.write("keys", text);
    house.service.process().signal(SIGHUP);
    return waitFor(
        [&] { return house.client()->ask(Guarded::login("alice", probe)).starts_with(R"({"type":"ok")") == works; });
  };
  RTC_ASSERT(signal_and_wait(hmacKey(kOther), old_token, false));
  const auto new_token = house.token({"alice"});
  RTC_ASSERT(house.client()->ask(Guarded::login("alice", new_token)).starts_with(R"({"type":"ok")"));
  house.folder.write("keys", "[main]\nalgorithm=none\n");
  house.service.process().signal(SIGHUP);
  // The next message comes after the signal has been taken.
  RTC_ASSERT(waitFor([&] { return stays->ask(R"({"type":"users","id":"2"})").starts_with(R"({"type":"ok")"); }));
  RTC_ASSERT(house.client()->ask(Guarded::login("alice", new_token)).starts_with(R"({"type":"ok")"));
}

RTC_TEST(the_native_client_shows_its_token_and_says_why_it_is_refused) {
  const Guarded house;
  auto options = optionsFor(house.service.uri());
  options.token = house.token({"alice"});
  SignalingClient client(options);
  const auto online = client.expect<signaling::Online>();
  RTC_ASSERT_EQ(online.login.user, "alice");
  RTC_ASSERT(online.login.expires_s.has_value());
  options.token = house.token({"bob"});
  SignalingClient impostor(options);
  const auto failed = impostor.expect<signaling::Failed>();
  RTC_ASSERT(failed.refused);
  assertSays(failed.why, "does not accept the token of “alice”: the token is of another user");
  RTC_ASSERT(failed.why.find(options.token) == std::string::npos);
}

RTC_TEST(an_open_service_says_so_and_stays_on_this_machine) {
  ChildProcess open({std::getenv("RTC_SIGNALD"), "--port", "0"}, {}, true);
  RTC_ASSERT(open.readLine().value_or("").starts_with("listening on ws://127.0.0.1:"));
  open.signal(SIGTERM);
  RTC_ASSERT(open.readStderr().find("this service is OPEN") != std::string::npos);
  RTC_ASSERT_EQ(open.wait().value_or(-1), 0);
  for (const char* address : {"0.0.0.0", "::", "192.0.2.1"}) {
    ChildProcess refused_start({std::getenv("RTC_SIGNALD"), "--port", "0", "--listen", address}, {}, true);
    RTC_ASSERT(refused_start.readStderr().find("--insecure-open") != std::string::npos);
    RTC_ASSERT_EQ(refused_start.wait().value_or(-1), 1);
  }
  ChildProcess insecure({std::getenv("RTC_SIGNALD"), "--port", "0", "--listen", "0.0.0.0", "--insecure-open"}, {},
                        true);
  RTC_ASSERT(insecure.readLine().value_or("").starts_with("listening on ws://0.0.0.0:"));
  insecure.signal(SIGTERM);
  RTC_ASSERT_EQ(insecure.wait().value_or(-1), 0);
}

RTC_TEST(a_token_that_cannot_be_made_is_told_in_a_sentence) {
  const TemporaryFolder folder;
  const auto keys = folder.write("keys", hmacKey(kSecret));
  const std::vector<std::vector<std::string>> wrongs = {
      {"--user", "alice"},
      {"--token-keys", keys},
      {"--token-keys", keys, "--user", "@support"},
      {"--token-keys", keys, "--user", "alice", "--may", "dance"},
      {"--token-keys", keys, "--user", "alice", "--valid-for", "0"},
      {"--token-keys", keys, "--user", "alice", "--key", "other"},
      {"--token-keys", folder.path("none"), "--user", "alice"},
  };
  for (auto words : wrongs) {
    words.insert(words.begin(), {std::getenv("RTC_SIGNALD"), "token"});
    ChildProcess mint(words, {}, true);
    const auto text = mint.readStderr();
    RTC_ASSERT_EQ(mint.wait().value_or(-1), 1);
    RTC_ASSERT(text.starts_with("rtc-signald: ") && text.find('\n') == text.size() - 1);
    RTC_ASSERT(text.find(kSecret) == std::string::npos);
  }
}
