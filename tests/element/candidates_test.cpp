// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which addresses and ports a session tells its peer, as the properties of its elements say.
#include <algorithm>
#include <sstream>
#include <vector>

#include "plugins/session/host_addresses.hpp"
#include "signaling/protocol/codec.hpp"
#include "signaling/protocol/payload.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/socket_client.hpp"

using namespace rtc::testing;

namespace {

struct Told {
  std::string protocol;
  std::string address;
  int port = 0;
  std::string text;
};

/// The candidates of a session with these properties, as somebody hears them whom it calls; the last is the end of
/// them.
std::vector<Told> candidatesWith(const std::string& properties) {
  const SignaldProcess service;
  SocketClient bob(service.uri());
  bob.ask(R"({"type":"login","id":"1","name":"bob","version":1})");
  TestPipeline alice("audiotestsrc is-live=true ! rtcsignalsink user=alice peer=bob server=" + service.uri() + " " +
                     properties);
  alice.play();
  std::vector<Told> all;
  for (;;) {
    const auto text = bob.hear();
    const auto message = rtc::signaling::decodeServerMessage(text);
    ck_assert_msg(message.ok(), "%s", text.c_str());
    if (const auto* call = std::get_if<rtc::signaling::IncomingCall>(&message.value())) {
      bob.say(R"({"type":"accept","call":")" + call->call + "\"}");
    }
    const auto* heard = std::get_if<rtc::signaling::PeerCandidate>(&message.value());
    if (heard == nullptr) continue;
    const auto candidate = rtc::signaling::candidateFrom(heard->candidate);
    ck_assert(candidate.ok());
    RTC_ASSERT_EQ(candidate.value().connection.value_or(0), 1);
    if (candidate.value().candidate.empty()) return all;
    // RFC 8839 section 5.1: candidate:FOUNDATION COMPONENT TRANSPORT PRIORITY ADDRESS PORT typ …
    Told told;
    std::istringstream words(candidate.value().candidate);
    std::string skipped;
    words >> skipped >> skipped >> told.protocol >> skipped >> told.address >> told.port;
    told.text = candidate.value().candidate;
    all.push_back(told);
  }
}

}  // namespace

RTC_TEST(every_address_of_the_host_is_told_and_then_that_there_are_no_more) {
  const auto all = candidatesWith("");
  RTC_ASSERT(!all.empty());
  auto addresses = rtc::addressesOf({});  // of a host that is on no network
  for (const auto& each : rtc::hostAddresses()) addresses.push_back(each.address);
  for (const auto& address : addresses) {
    const auto told = [&](const Told& each) { return each.address == address; };
    ck_assert_msg(std::any_of(all.begin(), all.end(), told), "%s is not told", address.c_str());
  }
  for (const auto& each : all) RTC_ASSERT(each.protocol == "UDP" || each.protocol == "udp");
}

RTC_TEST(ports_are_of_the_range) {
  const auto all = candidatesWith("min-rtp-port=41000 max-rtp-port=41100 ice-tcp=true");
  RTC_ASSERT(!all.empty());
  bool tcp = false;
  for (const auto& each : all) {
    tcp = tcp || each.protocol.starts_with("T") || each.protocol.starts_with("t");
    // An active one has no port of its own (RFC 6544 section 4.5).
    if (each.text.find("tcptype active") != std::string::npos) continue;
    ck_assert_msg(each.port >= 41000 && each.port <= 41100, "%s", each.text.c_str());
  }
  ck_assert_msg(tcp, "no candidate is for TCP");
}

RTC_TEST(only_the_interfaces_that_are_named_are_used) {
  std::vector<std::string> names{"lo"};
  for (const auto& each : rtc::hostAddresses()) names.insert(names.end(), {each.address, each.interface});
  for (const auto& name : names) {
    const auto wanted = rtc::addressesOf({name});
    const auto all = candidatesWith("ice-interfaces=" + name);
    RTC_ASSERT(!all.empty());
    for (const auto& each : all) {
      ck_assert_msg(std::find(wanted.begin(), wanted.end(), each.address) != wanted.end(), "%s", each.text.c_str());
    }
  }
}

RTC_TEST(where_no_named_interface_is_there_is_no_call) {
  const SignaldProcess service;
  TestPipeline bob("rtcsignalsrc user=bob server=" + service.uri());
  bob.play();
  RTC_ASSERT(bob.posts("rtc-session", {{"state", "online"}}));
  TestPipeline alice("audiotestsrc is-live=true ! rtcsignalsink user=alice peer=bob ice-interfaces=no-such server=" +
                     service.uri());
  alice.play();
  RTC_ASSERT_EQ(alice.endReason(), "media_failed");
}
