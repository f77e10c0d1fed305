// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdlib>

#include "signaling/client/websocket_signaler.hpp"
#include "tests/integration/scripted_service.hpp"
#include "tests/integration/signaling_client.hpp"

using namespace rtc;
using namespace rtc::signaling;
using namespace rtc::testing;

namespace {

ScriptedService::Options overTls() {
  ScriptedService::Options options;
  options.script = greet;
  options.certificate = std::getenv("RTC_TEST_CERTIFICATE");
  options.key = std::getenv("RTC_TEST_KEY");
  return options;
}

}  // namespace

RTC_TEST(a_certificate_that_nobody_vouches_for_is_refused) {
  ScriptedService service(overTls());
  SignalingClient client(optionsFor(service.uri()));
  const auto failed = client.expect<Failed>();
  RTC_ASSERT(failed.refused);
  assertSays(failed.why, "not signed by an authority that this machine trusts");
  RTC_ASSERT_EQ(service.heard().size(), 0u);
}

RTC_TEST(a_certificate_of_the_named_authority_is_accepted) {
  ScriptedService service(overTls());
  auto options = optionsFor(service.uri());
  options.tls_ca_file = std::getenv("RTC_TEST_CERTIFICATE");
  SignalingClient client(options);
  client.expect<Online>();
  client->send(Leave{"c1", "", Reason::Hangup});
  client.stop();
  RTC_ASSERT(waitFor([&] { return service.heard().size() == 2; }));
}

RTC_TEST(a_certificate_for_another_host_is_refused) {
  ScriptedService service(overTls());
  auto options = optionsFor("wss://localhost:" + std::to_string(service.port()));
  options.tls_ca_file = std::getenv("RTC_TEST_CERTIFICATE");
  SignalingClient client(options);
  assertSays(client.expect<Failed>().why, "another host name");
}

RTC_TEST(a_file_of_authorities_that_cannot_be_read_is_named) {
  auto options = optionsFor("wss://127.0.0.1:1");
  options.tls_ca_file = "/nowhere/ca.pem";
  SignalingClient client(options);
  assertSays(client.expect<Failed>().why, "/nowhere/ca.pem cannot be used");
}
