// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What an operator sees of the service: addresses, health, metrics, the log, sockets from systemd, and its end.
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/support/check.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using rtc::Duration;
using rtc::testing::ChildProcess;
using rtc::testing::RawClient;
using rtc::testing::SignaldProcess;
using rtc::testing::SocketClient;
using rtc::testing::waitFor;

namespace {

std::string get(int port, const std::string& path) {
  RawClient client(port);
  client.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return client.untilClosed().value_or("");
}

std::string statusOf(const std::string& response) {
  return response.empty() ? "" : response.substr(9, 3);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Opens a listening socket as systemd does, and becomes the service.
constexpr auto kHandOver = R"(
import os, socket, sys
sockets = []
for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    sockets.append(socket.socket(family))
    sockets[-1].bind((address, 0))
    sockets[-1].listen()
for number, each in enumerate(sockets):
    os.dup2(each.fileno(), 100 + number)
for number in range(len(sockets)):
    os.dup2(100 + number, 3 + number)
    os.set_inheritable(3 + number, True)
os.environ["LISTEN_FDS"] = sys.argv[2]
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.argv[1], [sys.argv[1], "--port", "1"])
)";

}  // namespace

// --- Health and metrics ----------------------------------------------------------------------------------------------

RTC_TEST(health_and_readiness_are_told_on_a_port_of_their_own) {
  SignaldProcess service({"--admin-port", "0"});
  RTC_ASSERT_EQ(statusOf(get(service.adminPort(), "/healthz")), "200");
  RTC_ASSERT_EQ(statusOf(get(service.adminPort(), "/readyz")), "200");
  RTC_ASSERT_EQ(statusOf(get(service.adminPort(), "/")), "404");
  for (const char* path : {"/healthz", "/readyz", "/metrics"})
    RTC_ASSERT_EQ(statusOf(get(service.port(), path)), "404");
}

RTC_TEST(a_service_that_stops_is_alive_and_not_ready) {
  SignaldProcess service({"--admin-port", "0", "--drain-timeout", "60"});
  SocketClient alice(service.uri());
  alice.ask(R"({"type":"login","id":"1","name":"alice","version":1})");
  SocketClient bob(service.uri());
  bob.ask(R"({"type":"login","id":"1","name":"bob","version":1})");
  alice.ask(R"({"type":"call","id":"2","call":"c","to":"bob"})");
  const int admin = service.adminPort();
  service.process().signal(SIGTERM);
  RTC_ASSERT(waitFor([&] { return statusOf(get(admin, "/readyz")) == "503"; }));
  RTC_ASSERT_EQ(statusOf(get(admin, "/healthz")), "200");
  alice.say(R"({"type":"cancel","id":"3","call":"c"})");
  RTC_ASSERT_EQ(service.process().wait().value_or(-1), 0);
}

RTC_TEST(metrics_count_what_happens) {
  SignaldProcess service({"--admin-port", "0"});
  SocketClient alice(service.uri());
  alice.ask(R"({"type":"login","id":"1","name":"alice","version":1})");
  SocketClient bob(service.uri());
  bob.ask(R"({"type":"login","id":"1","name":"bob","version":1})");
  alice.ask(R"({"type":"call","id":"2","call":"c","to":"bob"})");
  bob.hear();
  bob.say(R"({"type":"decline","call":"c"})");
  alice.hear();
  const auto page = get(service.adminPort(), "/metrics");
  RTC_ASSERT(contains(page, "Content-Type: text/plain; version=0.0.4"));
  for (const char* line :
       {"connections 2", "websockets 2", "users 2", "logins_total 2", "calls_total 1", "messages_received_total 4",
        "calls_ended_total{reason=\"declined\"} 1", "requests_total{status=\"101\"} 2"}) {
    ck_assert_msg(contains(page, "\nrtc_signald_" + std::string(line) + "\n"), "%s is not in %s", line, page.c_str());
  }
  alice.close();
  RTC_ASSERT(waitFor([&] { return contains(get(service.adminPort(), "/metrics"), "\nrtc_signald_users 1\n"); }));
}

// --- The log ---------------------------------------------------------------------------------------------------------

RTC_TEST(the_log_has_calls_by_their_ids_and_neither_secrets_nor_addresses) {
  const std::string program = std::getenv("RTC_SIGNALD");
  ChildProcess process({program, "--port", "0"}, {{"G_MESSAGES_DEBUG", "rtc-signald"}}, true);
  const auto listening = process.readLine().value_or("");
  const auto uri = listening.substr(listening.rfind(' ') + 1);
  {
    SocketClient alice(uri);
    const auto login = alice.ask(R"({"type":"login","id":"1","name":"alice","version":1,"token":"geheim"})");
    SocketClient bob(uri);
    bob.ask(R"({"type":"login","id":"1","name":"bob","version":1})");
    alice.ask(R"({"type":"call","id":"2","call":"call-17","to":"bob"})");
    bob.hear();
    bob.say(R"({"type":"accept","call":"call-17"})");
    alice.hear();
    alice.say(R"({"type":"offer","call":"call-17","offer":{"sdp":"c=IN IP4 192.0.2.99"}})");
    bob.hear();
    alice.say(R"({"type":"leave","call":"call-17"})");
    bob.hear();
  }
  process.signal(SIGTERM);
  const auto log = process.readStderr();
  RTC_ASSERT_EQ(process.wait().value_or(-1), 0);
  for (const char* part : {"event=login client=1 user=alice", "event=call call=call-17 client=2",
                           "event=call_ended call=call-17 reason=hangup", "event=stopping"}) {
    ck_assert_msg(contains(log, part), "%s is not in %s", part, log.c_str());
  }
  for (const char* part : {"geheim", "192.0.2.99", "127.0.0.1", "resume"}) {
    ck_assert_msg(!contains(log, part), "%s is in %s", part, log.c_str());
  }
}

RTC_TEST(addresses_are_logged_where_it_is_wished) {
  const std::string program = std::getenv("RTC_SIGNALD");
  ChildProcess process({program, "--port", "0", "--log-addresses"}, {{"G_MESSAGES_DEBUG", "rtc-signald"}}, true);
  const auto listening = process.readLine().value_or("");
  { const SocketClient alice(listening.substr(listening.rfind(' ') + 1)); }
  process.signal(SIGTERM);
  RTC_ASSERT(contains(process.readStderr(), "event=client_opened client=1 address=127.0.0.1"));
}

// --- Addresses -------------------------------------------------------------------------------------------------------

RTC_TEST(it_listens_on_several_addresses) {
  SignaldProcess service({"--listen", "127.0.0.1", "--listen", "::1"});
  const auto second = service.process().readLine().value_or("");
  RTC_ASSERT(second.starts_with("listening on ws://[::1]:"));
  SocketClient v4(service.uri());
  SocketClient v6(second.substr(second.rfind(' ') + 1));
  v4.ask(R"({"type":"login","name":"four"})");
  v6.say(R"({"type":"offer","offer":"hello","name":"four"})");
  RTC_ASSERT_EQ(v4.hear(), R"({"type":"offer","offer":"hello"})");
}

RTC_TEST(the_address_of_all_takes_both_families) {
  const SignaldProcess service({"--insecure-open", "--listen", "::"});
  RTC_ASSERT(service.uri().starts_with("ws://[::]:"));
  const auto port = std::to_string(service.port());
  SocketClient v4("ws://127.0.0.1:" + port);
  SocketClient v6("ws://[::1]:" + port);
  RTC_ASSERT(v4.hearsNothing() && v6.hearsNothing());
}

RTC_TEST(it_takes_its_sockets_from_systemd) {
  ChildProcess process({"python3", "-c", kHandOver, std::getenv("RTC_SIGNALD"), "2"});
  const auto first = process.readLine().value_or("");
  const auto second = process.readLine().value_or("");
  RTC_ASSERT(first.starts_with("listening on ws://127.0.0.1:"));
  RTC_ASSERT(second.starts_with("listening on ws://[::1]:"));
  for (const auto& line : {first, second}) {
    SocketClient client(line.substr(line.rfind(' ') + 1));
    RTC_ASSERT(client.hearsNothing());
  }
  process.signal(SIGTERM);
  RTC_ASSERT_EQ(process.wait().value_or(-1), 0);
}

RTC_TEST(a_socket_that_cannot_be_listened_on_is_said_in_a_sentence) {
  ChildProcess process({"python3", "-c", kHandOver, std::getenv("RTC_SIGNALD"), "3"}, {}, true);
  RTC_ASSERT(contains(process.readStderr(), "mend the .socket unit"));
  RTC_ASSERT_EQ(process.wait().value_or(-1), 1);
}
