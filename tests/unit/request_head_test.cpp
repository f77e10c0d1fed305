// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Heads of HTTP requests, WebSocket handshakes, origins and proxies.
#include "signaling/server/wire/request_head.hpp"

#include <string>

#include "signaling/server/wire/forwarded.hpp"
#include "signaling/server/wire/handshake.hpp"
#include "tests/support/check.hpp"

using namespace rtc::signaling;

namespace {

constexpr auto kHost = "Host: example.org\r\n";

std::variant<RequestHead, HeadRefused> parsed(const std::string& text) {
  return parseHead(text, HeadLimits{});
}

RequestHead head(const std::string& text) {
  const auto result = parsed(text);
  const auto* refused = std::get_if<HeadRefused>(&result);
  ck_assert_msg(refused == nullptr, "%s: %s", text.c_str(), refused != nullptr ? refused->why.c_str() : "");
  return std::get<RequestHead>(result);
}

RequestHead withFields(const std::string& fields) {
  return head("GET / HTTP/1.1\r\n" + std::string(kHost) + fields + "\r\n");
}

int refusal(const std::string& text) {
  const auto result = parsed(text);
  const auto* refused = std::get_if<HeadRefused>(&result);
  return refused != nullptr ? refused->status : 200;
}

int refusalOfField(const std::string& field) {
  return refusal("GET / HTTP/1.1\r\n" + std::string(kHost) + field + "\r\n\r\n");
}

constexpr auto kGoodHandshake =
    "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

int handshake(std::string fields, const std::string& from = "", const std::string& to = "") {
  if (!from.empty()) fields.replace(fields.find(from), from.size(), to);
  const auto problem = handshakeProblem(withFields(fields));
  return problem ? problem->status : 101;
}

bool allowed(const OriginRule& rule, const std::string& origin, const std::string& host = "example.org:8888") {
  return rule.allows(head("GET / HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin + "\r\n\r\n"));
}

}  // namespace

// --- Heads -----------------------------------------------------------------------------------------------------------

RTC_TEST(a_head_ends_with_an_empty_line) {
  RTC_ASSERT(!headLength(""));
  RTC_ASSERT(!headLength("GET / HTTP/1.1\r\nHost: x\r\n"));
  RTC_ASSERT_EQ(headLength("GET / HTTP/1.1\r\n\r\nmore").value_or(0), 18U);
}

RTC_TEST(a_request_is_read) {
  const auto request = head("GET /a%20b?c=d HTTP/1.1\r\nHOST:example.org\r\nX-One: \t a b \t\r\nx-one: c\r\n\r\n");
  RTC_ASSERT_EQ(request.method, "GET");
  RTC_ASSERT_EQ(request.path, "/a%20b");
  RTC_ASSERT_EQ(request.field("host").value_or(""), "example.org");
  RTC_ASSERT(!request.field("x-one"));
  RTC_ASSERT(request.has("x-one"));
  RTC_ASSERT(request.keepsAlive());
  RTC_ASSERT_EQ(head("GET http://example.org/x HTTP/1.1\r\nHost: example.org\r\n\r\n").path, "/x");
  RTC_ASSERT_EQ(head("GET http://example.org HTTP/1.1\r\nHost: example.org\r\n\r\n").path, "/");
}

RTC_TEST(lists_are_searched_over_all_lines_and_in_any_case) {
  const auto request = withFields("Connection: keep-alive ,  UPGRADE\r\nConnection: close\r\n");
  RTC_ASSERT(request.lists("connection", "upgrade"));
  RTC_ASSERT(request.lists("connection", "close"));
  RTC_ASSERT(!request.lists("connection", "keep"));
  RTC_ASSERT(!request.keepsAlive());
}

RTC_TEST(malformed_request_lines_are_refused) {
  const std::string rest = std::string("\r\n") + kHost + "\r\n";
  for (const char* line : {"GET /", "GET", "", " GET / HTTP/1.1", "GET  HTTP/1.1", "G\x01T / HTTP/1.1",
                           "GET x HTTP/1.1", "GET / HTTP/1.1 ", "GET /a b HTTP/1.1", "GET /\x80 HTTP/1.1",
                           "GET / http/1.1", "GET / HTTP/1.1\nX: y", "GET ftp://x/ HTTP/1.1", "(GET) / HTTP/1.1"}) {
    ck_assert_msg(refusal(line + rest) == 400, "%s is taken", line);
  }
  RTC_ASSERT_EQ(refusal("GET / HTTP/2.0" + rest), 505);
  RTC_ASSERT_EQ(refusal("GET / HTTP/0.9" + rest), 505);
}

RTC_TEST(malformed_fields_are_refused) {
  for (const std::string field : {"no colon", ": no name", "na me: x", "name : x", " folded: x", "\tfolded",
                                  "name: a\nb", "name: a\rb", "n\xc3\xa4me: x", "name: \x7f", "name: \x01"}) {
    ck_assert_msg(refusalOfField(field) == 400, "%s is taken", field.c_str());
  }
  RTC_ASSERT_EQ(refusalOfField(std::string("name: a\0b", 9)), 400);
  RTC_ASSERT_EQ(refusalOfField("name: f\xc3\xbcr"), 200);
}

RTC_TEST(exactly_one_host_is_needed) {
  RTC_ASSERT_EQ(refusal("GET / HTTP/1.1\r\n\r\n"), 400);
  RTC_ASSERT_EQ(refusalOfField("Host: other.example"), 400);
  RTC_ASSERT_EQ(refusal("GET / HTTP/1.0\r\n\r\n"), 200);
}

RTC_TEST(heads_are_bounded) {
  RTC_ASSERT_EQ(refusalOfField("X: " + std::string(16 * 1024, 'x')), 431);
  std::string many = "GET / HTTP/1.1\r\n" + std::string(kHost);
  for (int i = 0; i < 64; ++i) many += "X: y\r\n";
  RTC_ASSERT_EQ(refusal(many + "\r\n"), 431);
}

RTC_TEST(bodies_are_noticed) {
  RTC_ASSERT(!withFields("").hasBody());
  RTC_ASSERT(!withFields("Content-Length: 0\r\n").hasBody());
  RTC_ASSERT(withFields("Content-Length: 1\r\n").hasBody());
  RTC_ASSERT(withFields("Content-Length: 0\r\nContent-Length: 5\r\n").hasBody());
  RTC_ASSERT(withFields("Transfer-Encoding: chunked\r\n").hasBody());
}

// --- Handshakes ------------------------------------------------------------------------------------------------------

RTC_TEST(a_handshake_is_checked) {
  RTC_ASSERT(asksForWebSocket(withFields(kGoodHandshake)));
  RTC_ASSERT(!asksForWebSocket(withFields("Upgrade: h2c\r\n")));
  RTC_ASSERT_EQ(handshake(kGoodHandshake), 101);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, "keep-alive, Upgrade", "keep-alive"), 400);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, ": 13", ": 8"), 426);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, "Sec-WebSocket-Version: 13\r\n", ""), 426);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, "b25j", "b25"), 400);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, "ZQ==", "ZR=="), 400);
  RTC_ASSERT_EQ(handshake(kGoodHandshake, "dGhl", "dG?l"), 400);
}

RTC_TEST(only_get_opens_a_socket) {
  const std::string rest = std::string(kHost) + kGoodHandshake + "\r\n";
  RTC_ASSERT(handshakeProblem(head("POST / HTTP/1.1\r\n" + rest)).has_value());
  RTC_ASSERT(handshakeProblem(head("GET / HTTP/1.0\r\n" + rest)).has_value());
}

// --- Origins ---------------------------------------------------------------------------------------------------------

RTC_TEST(without_a_list_a_page_may_connect_to_its_own_host) {
  const OriginRule rule;
  RTC_ASSERT(rule.allows(withFields("")));
  RTC_ASSERT(allowed(rule, "http://example.org"));
  RTC_ASSERT(allowed(rule, "https://EXAMPLE.org:8443"));
  RTC_ASSERT(allowed(rule, "http://[::1]:80", "[::1]:8888"));
  for (const char* origin :
       {"http://evil.example", "http://example.org.evil.example", "http://evil.example/example.org", "null", "",
        "file://", "example.org", "http://", "http://[::1]"}) {
    ck_assert_msg(!allowed(rule, origin), "%s may connect", origin);
  }
}

RTC_TEST(with_a_list_only_those_on_it_may) {
  const OriginRule rule({"https://a.example", "null"});
  RTC_ASSERT(allowed(rule, "https://A.example"));
  RTC_ASSERT(allowed(rule, "null"));
  RTC_ASSERT(!allowed(rule, "http://a.example"));
  RTC_ASSERT(!allowed(rule, "https://a.example:1"));
  RTC_ASSERT(!allowed(rule, "http://example.org"));
  RTC_ASSERT(allowed(OriginRule({"*"}), "http://anywhere.example"));
  RTC_ASSERT(OriginRule::valid("https://a.example:8443"));
  for (const char* entry : {"", "a.example", "https://", "https://a.example/", "https://u@a.example"}) {
    ck_assert_msg(!OriginRule::valid(entry), "%s is valid", entry);
  }
}

// --- Proxies ---------------------------------------------------------------------------------------------------------

RTC_TEST(the_client_behind_proxies_is_the_last_one_that_is_not_trusted) {
  const TrustedProxies proxies({*Network::parse("10.0.0.0/8"), *Network::parse("::1")});
  RTC_ASSERT(proxies.trusts(*Address::parse("10.1.2.3")));
  RTC_ASSERT(!proxies.trusts(*Address::parse("11.1.2.3")));
  const auto client = [&](const std::string& fields) {
    const auto address = proxies.clientOf(withFields(fields));
    return address ? address->text() : "(none)";
  };
  RTC_ASSERT_EQ(client(""), "(none)");
  RTC_ASSERT_EQ(client("X-Forwarded-For: 192.0.2.7\r\n"), "192.0.2.7");
  RTC_ASSERT_EQ(client("X-Forwarded-For: 203.0.113.9, 192.0.2.7, 10.0.0.1\r\n"), "192.0.2.7");
  RTC_ASSERT_EQ(client("X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 2001:db8::1\r\n"), "2001:db8::1");
  RTC_ASSERT_EQ(client("X-Forwarded-For: 10.0.0.2, 10.0.0.1\r\n"), "10.0.0.2");
  RTC_ASSERT_EQ(client("X-Forwarded-For: nonsense, 10.0.0.1\r\n"), "10.0.0.1");
  RTC_ASSERT_EQ(client("X-Forwarded-For: nonsense\r\n"), "(none)");
}
