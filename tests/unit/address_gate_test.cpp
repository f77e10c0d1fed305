// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Addresses, networks and caps, with a clock that the test turns.
#include "signaling/server/wire/address_gate.hpp"

#include <string>

#include "tests/support/check.hpp"
#include "tests/support/manual_clock.hpp"

using namespace rtc;
using namespace rtc::signaling;
using rtc::testing::ManualClock;

namespace {

Address at(const std::string& text) {
  const auto address = Address::parse(text);
  ck_assert_msg(address.has_value(), "%s is no address", text.c_str());
  return *address;
}

struct Gate {
  explicit Gate(const GateLimits& limits) : gate(limits) {}
  Admission enter(const std::string& from) { return gate.enter(at(from), clock.now()); }
  bool admits(const std::string& from) { return enter(from) == Admission::Admitted; }
  void leave(const std::string& from) { gate.leave(at(from), clock.now()); }

  ManualClock clock;
  AddressGate gate;
};

GateLimits limits(int all, int per_address, int rate = 0, int burst = 1) {
  GateLimits limits;
  limits.connections = all;
  limits.connections_per_address = per_address;
  limits.accepts_per_second = rate;
  limits.accepts_burst = burst;
  return limits;
}

}  // namespace

// --- Addresses -------------------------------------------------------------------------------------------------------

RTC_TEST(addresses_are_read_and_written) {
  for (const char* text : {"127.0.0.1", "192.0.2.255", "::1", "2001:db8::1"}) RTC_ASSERT_EQ(at(text).text(), text);
  RTC_ASSERT(at("::ffff:192.0.2.1") == at("192.0.2.1"));
  for (const char* text : {"", "1.2.3", "1.2.3.4.5", "::g", "example.org", "1.2.3.4/8", "127.0.0.1 "}) {
    ck_assert_msg(!Address::parse(text), "%s is an address", text);
  }
  RTC_ASSERT(at("127.9.9.9").isLoopback() && at("::1").isLoopback() && !at("128.0.0.1").isLoopback());
}

RTC_TEST(a_holder_is_an_ipv4_address_or_a_64th_of_ipv6) {
  RTC_ASSERT(at("2001:db8:1:2:3::4").holder() == at("2001:db8:1:2::9").holder());
  RTC_ASSERT(at("2001:db8:1:2::").holder() != at("2001:db8:1:3::").holder());
  RTC_ASSERT(at("192.0.2.1").holder() != at("192.0.2.2").holder());
}

RTC_TEST(networks_contain_what_they_say) {
  const auto contains = [](const char* network, const char* address) {
    return Network::parse(network)->contains(at(address));
  };
  RTC_ASSERT(contains("192.0.2.0/24", "192.0.2.77") && !contains("192.0.2.0/24", "192.0.3.1"));
  RTC_ASSERT(contains("192.0.2.9", "192.0.2.9") && !contains("192.0.2.9", "192.0.2.8"));
  RTC_ASSERT(contains("10.128.0.0/9", "10.200.0.1") && !contains("10.128.0.0/9", "10.1.0.1"));
  RTC_ASSERT(contains("2001:db8::/33", "2001:db8:7fff::1") && !contains("2001:db8::/33", "2001:db8:8000::1"));
  RTC_ASSERT(contains("0.0.0.0/0", "8.8.8.8") && !contains("0.0.0.0/0", "::1"));
  for (const char* text : {"", "192.0.2.0/33", "::/129", "192.0.2.0/-1", "192.0.2.0/", "192.0.2.0/8x", "x/8"}) {
    ck_assert_msg(!Network::parse(text), "%s is a network", text);
  }
}

// --- Caps ------------------------------------------------------------------------------------------------------------

RTC_TEST(connections_are_capped_in_all_and_for_each_address) {
  Gate gate(limits(3, 2));
  RTC_ASSERT(gate.admits("192.0.2.1") && gate.admits("192.0.2.1"));
  RTC_ASSERT(gate.enter("192.0.2.1") == Admission::AddressFull);
  RTC_ASSERT(gate.admits("192.0.2.2"));
  RTC_ASSERT(gate.enter("192.0.2.3") == Admission::Full);
  gate.leave("192.0.2.1");
  RTC_ASSERT(gate.admits("192.0.2.1"));
  RTC_ASSERT_EQ(gate.gate.connections(), 3);
}

RTC_TEST(all_of_a_64_count_together) {
  Gate gate(limits(10, 1));
  RTC_ASSERT(gate.admits("2001:db8::1"));
  RTC_ASSERT(gate.enter("2001:db8::ffff:1") == Admission::AddressFull);
  RTC_ASSERT(gate.admits("2001:db8:0:1::1"));
}

RTC_TEST(an_address_that_connects_too_fast_is_turned_away) {
  Gate gate(limits(1'000, 1'000, 10, 5));
  for (int i = 0; i < 5; ++i) RTC_ASSERT(gate.admits("192.0.2.1"));
  RTC_ASSERT(gate.enter("192.0.2.1") == Admission::AddressTooFast);
  RTC_ASSERT(gate.admits("192.0.2.2"));
  gate.clock.advance(Duration{200});
  RTC_ASSERT(gate.admits("192.0.2.1") && gate.admits("192.0.2.1"));
  RTC_ASSERT(gate.enter("192.0.2.1") == Admission::AddressTooFast);
}

RTC_TEST(a_trusted_proxy_is_not_limited_but_its_clients_are) {
  Gate gate(limits(10, 1));
  const auto proxy = at("10.0.0.1");
  for (int i = 0; i < 3; ++i) RTC_ASSERT(gate.gate.enter(proxy, gate.clock.now(), true) == Admission::Admitted);
  const auto client = at("192.0.2.1");
  RTC_ASSERT(gate.gate.reveal(proxy, client, gate.clock.now()) == Admission::Admitted);
  RTC_ASSERT(gate.gate.reveal(proxy, client, gate.clock.now()) == Admission::AddressFull);
  RTC_ASSERT_EQ(gate.gate.connections(), 3);
  gate.leave("192.0.2.1");
  gate.leave("10.0.0.1");
  gate.leave("10.0.0.1");
  RTC_ASSERT_EQ(gate.gate.connections(), 0);
}

RTC_TEST(what_limits_nobody_is_forgotten) {
  Gate gate(limits(1'000'000, 10, 10, 10));
  for (int i = 0; i < 100'000; ++i) {
    const std::string from = "2001:db8:" + std::to_string(i % 9'000) + ":" + std::to_string(i / 9'000) + "::1";
    RTC_ASSERT(gate.admits(from));
    gate.leave(from);
    gate.clock.advance(Duration{1});
  }
  RTC_ASSERT(gate.gate.remembered() < 5'000);
}
