// SPDX-License-Identifier: LGPL-2.1-or-later
#include "signaling/protocol/codec.hpp"

#include <string>

#include "signaling/protocol/limits.hpp"
#include "tests/support/check.hpp"

using namespace rtc::signaling;

namespace {

/// A client's message that must read and write as the same text.
void assertClientRoundTrip(const std::string& text) {
  RTC_ASSERT_EQ(encode(decodeClientMessage(text)), text);
}

void assertServerRoundTrip(const std::string& text) {
  const auto message = decodeServerMessage(text);
  ck_assert_msg(message.ok(), "%s: %s", text.c_str(), message.ok() ? "" : message.error().message.c_str());
  RTC_ASSERT_EQ(encode(message.value()), text);
}

Unrecognized unrecognized(const std::string& text) {
  const auto message = decodeClientMessage(text);
  const auto* body = std::get_if<Unrecognized>(&message.body);
  ck_assert_msg(body != nullptr, "taken for a message: %s", text.c_str());
  return *body;
}

}  // namespace

RTC_TEST(every_message_of_a_full_client_reads_and_writes_the_same) {
  for (
      const char* text : {
          R"({"type":"login","id":"1","name":"alice","version":1})",
          R"({"type":"login","id":"1","name":"alice","version":1,"token":"t","resume":"r"})",
          R"({"type":"login","id":"1","name":"alice","version":1,"ack":0,"visible":true,"groups":["support","sales"]})",
          R"({"type":"users","id":"2"})",
          R"({"type":"watch","id":"2","users":["bob","carol"]})",
          R"({"type":"presence","visible":true})",
          R"({"type":"ice","id":"2"})",
          R"({"type":"token","id":"2","token":"t"})",
          R"({"type":"reattach","id":"2","seq":7,"ack":3,"call":"c1","with":"bob","role":"callee","secret":"s"})",
          R"({"type":"ack","ack":9})",
          R"({"type":"call","id":"3","call":"c1","to":"bob","media":{"audio":true,"video":false}})",
          R"({"type":"ringing","call":"c1"})",
          R"({"type":"accept","id":"4","call":"c1"})",
          R"({"type":"decline","id":"5","call":"c1","reason":"declined"})",
          R"({"type":"decline","id":"5","call":"c1","reason":"busy"})",
          R"({"type":"cancel","id":"6","call":"c1"})",
          R"({"type":"offer","call":"c1","offer":{"type":"offer","sdp":"v=0\r\n"}})",
          R"({"type":"answer","call":"c1","answer":{"type":"answer","sdp":"v=0\r\n"}})",
          R"({"type":"candidate","call":"c1","candidate":{"candidate":"x","sdpMid":"0","sdpMLineIndex":0}})",
          R"({"type":"candidate","call":"c1","candidate":null})",
          R"({"type":"connected","call":"c1"})",
          R"({"type":"reconnect","call":"c1","connection":2})",
          R"({"type":"leave","call":"c1","reason":"ice_failed"})",
          R"({"type":"leave","id":"7","call":"c1","reason":"hangup"})",
      }) {
    assertClientRoundTrip(text);
  }
}

RTC_TEST(every_message_of_a_book_client_reads_and_writes_the_same) {
  for (const char* text : {
           R"({"type":"login","name":"alice"})",
           R"({"type":"offer","offer":{"type":"offer","sdp":"v=0\r\n"},"name":"bob"})",
           R"({"type":"answer","answer":"hello","name":"bob"})",
           R"({"type":"candidate","candidate":{"candidate":"","sdpMid":"0","sdpMLineIndex":0},"name":"bob"})",
           R"({"type":"leave","name":"bob"})",
           R"({"type":"leave"})",
       }) {
    assertClientRoundTrip(text);
  }
}

RTC_TEST(every_message_of_the_service_reads_and_writes_the_same) {
  for (
      const char* text : {
          R"({"type":"ok","id":"1"})",
          R"({"type":"ok","id":"1","user":"alice","resume":"s","ice_servers":[]})",
          R"({"type":"ok","id":"1","user":"alice","resume":"s","ice_servers":[{"urls":["stun:a:1","stun:b"]},{"urls":["turn:c"],"username":"u","credential":"p"}]})",
          R"({"type":"ok","id":"1","user":"alice","resume":"s","ice_servers":[],"resumed":true,"missed":[{"call":"c","from":"bob","ago_s":7}],"expires_s":60,"ack":0})",
          R"({"type":"ok","id":"1","user":"alice","resume":"s","ice_servers":[{"urls":["stun:a"]}],"ice_expires_s":3600})",
          R"({"type":"ok","id":"2","ice_servers":[],"ice_expires_s":60})",
          R"({"type":"ok","id":"2","users":[]})",
          R"({"type":"ok","id":"2","users":[{"name":"alice","busy":false,"display":"Alice A."}]})",
          R"({"type":"ok","id":"2","presence":[{"user":"bob","state":"online"},{"user":"carol","state":"busy"},{"user":"dora","state":"offline"}]})",
          R"({"type":"ok","id":"2","ice_servers":[{"urls":["stun:a"]}]})",
          R"({"type":"ok","id":"2","expires_s":60})",
          R"({"type":"error","id":"3","code":"rate_limited","message":"too often","retry_ms":100})",
          R"({"type":"error","id":"3","code":"forbidden","message":"no"})",
          R"({"type":"call","call":"c1","from":"alice","media":{"audio":true,"video":false},"display":"Alice A.","group":"support"})",
          R"({"type":"ticket","call":"c1","with":"bob","role":"caller","secret":"s"})",
          R"({"type":"presence","user":"bob","state":"busy"})",
          R"({"type":"token_expires","in_s":60})",
          R"({"type":"ack","ack":5})",
          R"({"type":"ok","id":"2","users":[{"name":"alice","busy":false},{"name":"bob","busy":true}]})",
          R"({"type":"error","id":"3","code":"name_taken","message":"the name \"alice\" is taken"})",
          R"({"type":"error","code":"bad_request","message":"not JSON"})",
          R"({"type":"call","call":"c1","from":"alice","media":{"audio":true,"video":false}})",
          R"({"type":"ringing","call":"c1","from":"bob"})",
          R"({"type":"accept","call":"c1","from":"bob"})",
          R"({"type":"offer","call":"c1","from":"alice","offer":{"type":"offer","sdp":"v=0"}})",
          R"({"type":"answer","call":"c1","from":"bob","answer":{"type":"answer","sdp":"v=0"}})",
          R"({"type":"candidate","call":"c1","from":"bob","candidate":null})",
          R"({"type":"reconnect","call":"c1","from":"bob","connection":2})",
          R"({"type":"ended","call":"c1","reason":"peer_lost"})",
          R"({"type":"ended","call":"c1","reason":"hangup","by":"bob"})",
          R"({"type":"goaway","reconnect_ms":1500})",
      }) {
    assertServerRoundTrip(text);
  }
}

RTC_TEST(every_error_code_and_every_reason_has_its_word) {
  for (const char* code : {"bad_request", "unauthorized", "name_taken", "not_logged_in", "no_such_user", "no_such_call",
                           "call_exists", "wrong_state", "unavailable", "too_large", "version", "internal"}) {
    assertServerRoundTrip(std::string(R"({"type":"error","id":"1","code":")") + code + R"(","message":"m"})");
  }
  for (const char* reason :
       {"hangup", "declined", "busy", "timeout", "cancelled", "unavailable", "answered_elsewhere", "glare_lost",
        "ice_failed", "media_failed", "peer_lost", "fingerprint_mismatch", "replaced", "server_shutdown"}) {
    assertServerRoundTrip(std::string(R"({"type":"ended","call":"c","reason":")") + reason + R"("})");
  }
}

RTC_TEST(what_a_book_client_is_told_has_the_books_members_in_the_books_order) {
  RTC_ASSERT_EQ(encode(ServerMessage(BookLogin{true})), R"({"type":"login","success":true})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookLogin{false})), R"({"type":"login","success":false})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookOffer{"alice", {R"({"type":"offer","sdp":""})"}})),
                R"({"type":"offer","offer":{"type":"offer","sdp":""},"name":"alice"})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookOffer{"", {"\"hello\""}})), R"({"type":"offer","offer":"hello"})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookOffer{"alice", {}})), R"({"type":"offer","name":"alice"})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookAnswer{{"1"}})), R"({"type":"answer","answer":1})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookCandidate{{"{}"}})), R"({"type":"candidate","candidate":{}})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookLeave{})), R"({"type":"leave"})");
  RTC_ASSERT_EQ(encode(ServerMessage(BookError{"Unrecognized command: \"x\""})),
                R"({"type":"error","message":"Unrecognized command: \"x\""})");
}

RTC_TEST(a_payload_is_relayed_to_the_letter) {
  const std::string payload = R"({"sdp":"\u0000\ud800","n":12345678901234567890.10e+400,"unknown":[ {"b":1,"a":2} ]})";
  const auto message = decodeClientMessage(R"({"type":"offer","call":"c","offer":)" + payload + "}");
  RTC_ASSERT_EQ(std::get<Offer>(message.body).offer.text, payload);
}

RTC_TEST(unknown_members_are_ignored) {
  const auto message = decodeClientMessage(R"({"extra":[1],"type":"accept","call":"c","more":{"type":"leave"}})");
  RTC_ASSERT_EQ(std::get<Accept>(message.body).call, "c");
}

RTC_TEST(of_two_members_with_one_name_the_last_counts) {
  const auto message =
      decodeClientMessage(R"({"type":"leave","type":"offer","offer":1,"offer":2,"call":"a","call":"b"})");
  RTC_ASSERT_EQ(std::get<Offer>(message.body).offer.text, "2");
  RTC_ASSERT_EQ(std::get<Offer>(message.body).call, "b");
}

RTC_TEST(a_member_of_a_wrong_type_is_as_one_that_is_missing) {
  const auto message = decodeClientMessage(R"({"type":"call","id":{},"call":5,"to":["bob"],"media":"all"})");
  const auto& call = std::get<Call>(message.body);
  RTC_ASSERT_EQ(message.id, "");
  RTC_ASSERT_EQ(call.call, "");
  RTC_ASSERT_EQ(call.to, "");
  RTC_ASSERT(call.media == Media{});
}

RTC_TEST(a_number_is_a_request_id_too) {
  RTC_ASSERT_EQ(decodeClientMessage(R"({"type":"users","id":17})").id, "17");
}

RTC_TEST(a_version_that_is_no_number_is_one_that_nobody_speaks) {
  for (const char* version : {"\"1\"", "null", "1.5", "99999999999"}) {
    const auto message = decodeClientMessage(R"({"type":"login","name":"a","version":)" + std::string(version) + "}");
    RTC_ASSERT(std::get<Login>(message.body).version == 0);
  }
}

RTC_TEST(a_reason_of_a_later_version_still_ends_the_call) {
  RTC_ASSERT(std::get<Leave>(decodeClientMessage(R"({"type":"leave","call":"c","reason":"bored"})").body).reason ==
             Reason::Hangup);
  RTC_ASSERT(std::get<Decline>(decodeClientMessage(R"({"type":"decline","call":"c","reason":"hangup"})").body).reason ==
             Reason::Declined);
  const auto ended = decodeServerMessage(R"({"type":"ended","call":"c","reason":"bored"})");
  RTC_ASSERT(ended.ok() && std::get<Ended>(ended.value()).reason == Reason::Hangup);
}

RTC_TEST(a_nul_in_a_name_does_not_cut_it) {
  const auto message = decodeClientMessage(R"({"type":"login","name":"alice\u0000"})");
  RTC_ASSERT_EQ(std::get<Login>(message.body).name, "alice\xEF\xBF\xBD");
}

RTC_TEST(an_unknown_type_is_named_as_javascript_prints_it) {
  RTC_ASSERT_EQ(unrecognized(R"({"type":"dance"})").type, "dance");
  RTC_ASSERT_EQ(unrecognized(R"({"type":""})").type, "");
  RTC_ASSERT_EQ(unrecognized(R"({"type":5})").type, "5");
  RTC_ASSERT_EQ(unrecognized(R"({"type":1.50})").type, "1.5");
  RTC_ASSERT_EQ(unrecognized(R"({"type":1e21})").type, "1e+21");
  RTC_ASSERT_EQ(unrecognized(R"({"type":null})").type, "null");
  RTC_ASSERT_EQ(unrecognized(R"({"type":true})").type, "true");
  RTC_ASSERT_EQ(unrecognized(R"({"type":{"login":1}})").type, "[object Object]");
  RTC_ASSERT_EQ(unrecognized(R"({"type":["login"]})").type, "login");
  RTC_ASSERT_EQ(unrecognized(R"({"type":[1,[2,null],{}]})").type, "1,2,,[object Object]");
  RTC_ASSERT_EQ(unrecognized(R"({"type":"toString"})").type, "toString");
  RTC_ASSERT_EQ(unrecognized(R"({"type":"__proto__"})").type, "__proto__");
}

RTC_TEST(text_without_a_type_is_undefined) {
  for (const char* text : {"", "{", "{}", "[]", "null", "5", "\"login\"", "true", "{\"name\":\"a\"}", "hello",
                           "{\"type\":\"login\"", "[{\"type\":\"login\"}]", "{\"type\":\"\xFF\"}"}) {
    RTC_ASSERT_EQ(unrecognized(text).type, "undefined");
    RTC_ASSERT(!unrecognized(text).problem.empty());
  }
}

RTC_TEST(too_deep_or_too_large_text_is_no_message) {
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  RTC_ASSERT_EQ(unrecognized(R"({"type":"offer","offer":)" + deep + "}").type, "undefined");
  const std::string large(kMaxMessageBytes, 'x');
  RTC_ASSERT_EQ(unrecognized(R"({"type":"offer","offer":")" + large + "\"}").type, "undefined");
}

RTC_TEST(a_client_is_told_what_it_cannot_read) {
  for (const char* text : {"", "{", "null", "{}", R"({"type":"dance"})", R"({"type":5})"}) {
    RTC_ASSERT(!decodeServerMessage(text));
  }
}
