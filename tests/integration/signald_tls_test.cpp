// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The service over TLS: who gets in, who does not, and what becomes of certificates that change.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gio/gio.h>

#include "tests/integration/signaling_client.hpp"
#include "tests/support/raw_client.hpp"
#include "tests/support/signald_process.hpp"

RTC_OWN_GOBJECT(GSocketClient);
RTC_OWN_GOBJECT(GSocketConnection);

using rtc::adopt;
using rtc::Duration;
using rtc::Out;
using rtc::signaling::Online;
using rtc::testing::assertSays;
using rtc::testing::ChildProcess;
using rtc::testing::optionsFor;
using rtc::testing::RawClient;
using rtc::testing::SignaldProcess;
using rtc::testing::SignalingClient;
using rtc::testing::waitFor;

namespace {

/// Certificates of the test's own, in a folder that goes with it.
class Certificates {
 public:
  Certificates() : folder_(adopt(g_dir_make_tmp("rtc-tls-XXXXXX", nullptr))) {}
  Certificates(const Certificates&) = delete;
  Certificates& operator=(const Certificates&) = delete;
  ~Certificates() { ChildProcess({"rm", "-rf", folder_.get()}).wait(); }

  std::string path(const std::string& name) const { return std::string(folder_.get()) + "/" + name; }
  /// A new key and a certificate for 127.0.0.1 in `NAME.pem` and `NAME.key`.
  void make(const std::string& name) const {
    const std::vector<std::string> command = {"openssl",
                                              "req",
                                              "-x509",
                                              "-newkey",
                                              "ec",
                                              "-pkeyopt",
                                              "ec_paramgen_curve:prime256v1",
                                              "-nodes",
                                              "-batch",
                                              "-subj",
                                              "/CN=" + name,
                                              "-addext",
                                              "subjectAltName=IP:127.0.0.1",
                                              "-out",
                                              path(name + ".pem"),
                                              "-keyout",
                                              path(name + ".key")};
    ChildProcess openssl(command, {}, true);
    RTC_ASSERT_EQ(openssl.wait().value_or(-1), 0);
  }
  /// Its validity ended a day ago.
  void expire(const std::string& name) const {
    ChildProcess openssl({"openssl", "x509", "-in", path(name + ".pem"), "-signkey", path(name + ".key"), "-days", "-1",
                          "-out", path(name + ".pem")},
                         {}, true);
    RTC_ASSERT_EQ(openssl.wait().value_or(-1), 0);
  }
  void copy(const std::string& from, const std::string& to) const {
    RTC_ASSERT_EQ(ChildProcess({"cp", path(from), path(to)}).wait().value_or(-1), 0);
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(path(name)) << text; }

 private:
  rtc::Ptr<gchar> folder_;
};

std::vector<std::string> withTls(const Certificates& certificates, const std::string& name,
                                 std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--tls-certificate", certificates.path(name + ".pem"), "--tls-key",
                           certificates.path(name + ".key"), "--admin-port", "0"});
  return more;
}

std::unique_ptr<SignalingClient> clientOf(const SignaldProcess& service, const std::string& authority,
                                          const std::string& user = "alice") {
  auto options = optionsFor(service.uri());
  options.tls_ca_file = authority;
  options.user = user;
  return std::make_unique<SignalingClient>(options);
}

std::string complaint(const std::string& certificate, const std::string& key) {
  std::vector<std::string> argv{std::getenv("RTC_SIGNALD"), "--port", "0", "--tls-certificate", certificate};
  if (!key.empty()) argv.insert(argv.end(), {"--tls-key", key});
  ChildProcess process(argv, {}, true);
  const auto text = process.readStderr();
  RTC_ASSERT_EQ(process.wait().value_or(-1), 1);
  RTC_ASSERT(!process.readLine());
  return text;
}

/// The subject of the certificate that a new connection is shown.
std::string subjectShown(const SignaldProcess& service) {
  ChildProcess client({"sh", "-c",
                       "openssl s_client -connect 127.0.0.1:" + std::to_string(service.port()) +
                           " </dev/null 2>/dev/null | openssl x509 -noout -subject 2>&1"});
  return client.readLine().value_or("");
}

/// What openssl's client says of a handshake with these options.
std::string handshake(const SignaldProcess& service, const std::string& options) {
  ChildProcess client({"sh", "-c",
                       "openssl s_client -brief -connect 127.0.0.1:" + std::to_string(service.port()) + " " + options +
                           " </dev/null 2>&1"});
  std::string text;
  while (const auto line = client.readLine()) text += *line + "\n";
  return text;
}

long metric(SignaldProcess& service, const std::string& name) {
  RawClient client(service.adminPort());
  client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const auto page = client.untilClosed().value_or("");
  const auto line = page.find("\nrtc_signald_" + name + " ");
  return line == std::string::npos ? -1 : std::atol(page.c_str() + line + name.size() + 14);
}

/// The beginning of a TLS 1.2 ClientHello, whose rest never comes.
const std::string kHalfHello("\x16\x03\x01\x00\xc8\x01\x00\x00\xc4\x03\x03", 11);

}  // namespace

RTC_TEST(users_log_in_and_call_over_tls) {
  const Certificates certificates;
  certificates.make("one");
  SignaldProcess service(withTls(certificates, "one"));
  RTC_ASSERT(service.uri().starts_with("wss://127.0.0.1:"));
  const auto alice = clientOf(service, certificates.path("one.pem"));
  alice->expect<Online>();
  const auto bob = clientOf(service, certificates.path("one.pem"), "bob");
  bob->expect<Online>();
  (*alice)->send(rtc::signaling::Call{"c1", "bob", {}});
  const auto heard = bob->expect<rtc::signaling::Received>();
  RTC_ASSERT_EQ(std::get<rtc::signaling::IncomingCall>(heard.message).from, "alice");
  RTC_ASSERT_EQ(metric(service, "tls_handshakes_total"), 2);
}

RTC_TEST(large_messages_pass_over_tls) {
  const Certificates certificates;
  certificates.make("one");
  const SignaldProcess service(withTls(certificates, "one"));
  const auto alice = clientOf(service, certificates.path("one.pem"));
  alice->expect<Online>();
  const auto bob = clientOf(service, certificates.path("one.pem"), "bob");
  bob->expect<Online>();
  (*alice)->send(rtc::signaling::Call{"c1", "bob", {}});
  bob->expect<rtc::signaling::Received>();
  (*bob)->send(rtc::signaling::Accept{"c1"});
  alice->expect<rtc::signaling::Received>();
  for (const std::size_t size : {10'000U, 20'000U, 60'000U}) {
    const std::string text = "\"" + std::string(size, 'x') + "\"";
    (*alice)->send(rtc::signaling::Offer{"c1", "", {text}});
    const auto heard = bob->expect<rtc::signaling::Received>();
    RTC_ASSERT(std::get<rtc::signaling::PeerOffer>(heard.message).offer.text == text);
  }
}

RTC_TEST(nothing_is_ever_said_in_plain_text) {
  const Certificates certificates;
  certificates.make("one");
  SignaldProcess service(withTls(certificates, "one"));
  RawClient client(service.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto answer = client.untilClosed().value_or("(open)");
  ck_assert_msg(answer.find("HTTP") == std::string::npos && answer != "(open)", "%s", answer.c_str());
  RTC_ASSERT(waitFor([&] { return metric(service, "closed_total{reason=\"tls_failed\"}") == 1; }));
}

RTC_TEST(a_handshake_that_does_not_end_is_cut_off) {
  const Certificates certificates;
  certificates.make("one");
  SignaldProcess service(withTls(certificates, "one", {"--tls-timeout", "0.5"}));
  RawClient silent(service.port());
  RawClient halting(service.port());
  halting.send(kHalfHello);
  RTC_ASSERT(silent.untilClosed().has_value());
  RTC_ASSERT(halting.untilClosed().has_value());
  RTC_ASSERT(waitFor([&] { return metric(service, "closed_total{reason=\"tls_timeout\"}") == 2; }));
}

RTC_TEST(clients_that_leave_during_the_handshake_do_no_harm) {
  const Certificates certificates;
  certificates.make("one");
  SignaldProcess service(withTls(certificates, "one", {"--accept-rate", "0"}));
  for (int i = 0; i < 300; ++i) {
    RawClient client(service.port());
    if (i % 3 > 0) client.send(i % 3 == 1 ? kHalfHello : kHalfHello + std::string(189, '\x01'));
  }
  RTC_ASSERT(waitFor([&] { return metric(service, "connections") == 0; }));
  clientOf(service, certificates.path("one.pem"))->expect<Online>();
}

RTC_TEST(old_versions_of_tls_are_not_spoken) {
  const Certificates certificates;
  certificates.make("one");
  const SignaldProcess service(withTls(certificates, "one"));
  const std::string weak = " -cipher DEFAULT@SECLEVEL=0";
  assertSays(handshake(service, "-tls1_3"), "Protocol version: TLSv1.3");
  assertSays(handshake(service, "-tls1_2"), "Protocol version: TLSv1.2");
  for (const char* version : {"-tls1_1", "-tls1"}) {
    const auto said = handshake(service, version + weak);
    ck_assert_msg(said.find("Protocol version") == std::string::npos, "%s", said.c_str());
  }
}

RTC_TEST(a_client_that_offers_only_other_protocols_is_refused) {
  const Certificates certificates;
  certificates.make("one");
  const SignaldProcess service(withTls(certificates, "one"));
  assertSays(handshake(service, "-alpn h2,http/1.1"), "Protocol version: TLSv1.3");
  const auto said = handshake(service, "-alpn h2");
  ck_assert_msg(said.find("Protocol version") == std::string::npos, "%s", said.c_str());
}

RTC_TEST(a_certificate_that_cannot_serve_stops_the_start_with_a_sentence) {
  const Certificates certificates;
  certificates.make("one");
  certificates.make("two");
  certificates.make("old");
  certificates.expire("old");
  certificates.write("text.pem", "no certificate\n");
  const auto path = [&](const char* name) { return certificates.path(name); };
  assertSays(complaint(path("absent.pem"), path("one.key")), "absent.pem holds no certificate in PEM: ");
  assertSays(complaint(path("text.pem"), path("one.key")), "text.pem holds no certificate in PEM: ");
  assertSays(complaint(path("one.pem"), path("two.key")), "two.key holds no key in PEM that fits the certificate: ");
  assertSays(complaint(path("one.pem"), path("absent.key")), "absent.key holds no key");
  assertSays(complaint(path("one.pem"), ""), "one.pem holds no key");
  assertSays(complaint(path("old.pem"), path("old.key")), "old.pem has expired; renew it");
}

RTC_TEST(a_new_certificate_is_taken_up_without_losing_anybody) {
  const Certificates certificates;
  certificates.make("one");
  certificates.make("two");
  certificates.copy("one.pem", "live.pem");
  certificates.copy("one.key", "live.key");
  SignaldProcess service(withTls(certificates, "live"));
  const auto alice = clientOf(service, certificates.path("one.pem"));
  alice->expect<Online>();
  assertSays(subjectShown(service), "CN = one");
  certificates.copy("two.pem", "live.pem");
  certificates.copy("two.key", "live.key");
  service.process().signal(SIGHUP);
  RTC_ASSERT(waitFor([&] { return metric(service, "reloads_total{result=\"done\"}") == 1; }));
  assertSays(subjectShown(service), "CN = two");
  const auto bob = clientOf(service, certificates.path("two.pem"), "bob");
  bob->expect<Online>();
  (*bob)->send(rtc::signaling::Call{"c1", "alice", {}});
  alice->expect<rtc::signaling::Received>();
}

RTC_TEST(a_bad_new_certificate_leaves_the_old_one_in_use) {
  const Certificates certificates;
  certificates.make("live");
  SignaldProcess service(withTls(certificates, "live"));
  certificates.write("live.pem", "broken\n");
  service.process().signal(SIGHUP);
  RTC_ASSERT(waitFor([&] { return metric(service, "reloads_total{result=\"failed\"}") == 1; }));
  assertSays(subjectShown(service), "CN = live");
}
