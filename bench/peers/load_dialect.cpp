// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/load_dialect.hpp"

namespace rtc::bench {

namespace {

/// As large as a description with audio and video is.
const std::string& description() {
  static const std::string text(2'000, 'd');
  return text;
}

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

class Full final : public Dialect {
 public:
  std::string login(const std::string& user) const override {
    return R"({"type":"login","id":"1","name":")" + user + R"(","version":1})";
  }
  bool saysLoggedIn(std::string_view text) const override { return text.starts_with(R"({"type":"ok","id":"1")"); }
  std::string relay(const std::string& from, const std::string&, const std::string& content) const override {
    return R"({"type":"candidate","call":")" + from + R"(","candidate":{"candidate":")" + content +
           R"(","sdpMid":"0","sdpMLineIndex":0}})";
  }
  std::string call(const std::string& id, const std::string& to) const override {
    return R"({"type":"call","call":")" + id + R"(","to":")" + to + "\"}";
  }
  std::string accept(const std::string& id) const override { return R"({"type":"accept","call":")" + id + "\"}"; }
  bool saysCalled(std::string_view text) const override { return text.starts_with(R"({"type":"call")"); }
  bool saysAccepted(std::string_view text) const override { return text.starts_with(R"({"type":"accept")"); }
  std::string leave(const std::string& id, const std::string&) const override {
    return R"({"type":"leave","call":")" + id + "\"}";
  }
  std::string offer(const std::string& id, const std::string&) const override {
    return R"({"type":"offer","call":")" + id + R"(","offer":{"type":"offer","sdp":")" + description() + R"("}})";
  }
  std::string answer(const std::string& id, const std::string&) const override {
    return R"({"type":"answer","call":")" + id + R"(","answer":{"type":"answer","sdp":")" + description() + R"("}})";
  }
  bool saysOffer(std::string_view text) const override { return text.starts_with(R"({"type":"offer")"); }
  bool saysAnswer(std::string_view text) const override { return text.starts_with(R"({"type":"answer")"); }
};

class Book final : public Dialect {
 public:
  std::string login(const std::string& user) const override { return R"({"type":"login","name":")" + user + "\"}"; }
  bool saysLoggedIn(std::string_view text) const override { return has(text, R"("success":true)"); }
  std::string relay(const std::string&, const std::string& to, const std::string& content) const override {
    return R"({"type":"candidate","candidate":{"candidate":")" + content +
           R"(","sdpMid":"0","sdpMLineIndex":0},"name":")" + to + "\"}";
  }
  std::string leave(const std::string&, const std::string& to) const override {
    return R"({"type":"leave","name":")" + to + "\"}";
  }
  std::string offer(const std::string&, const std::string& to) const override {
    return R"({"type":"offer","offer":{"type":"offer","sdp":")" + description() + R"("},"name":")" + to + "\"}";
  }
  std::string answer(const std::string&, const std::string& to) const override {
    return R"({"type":"answer","answer":{"type":"answer","sdp":")" + description() + R"("},"name":")" + to + "\"}";
  }
  bool saysOffer(std::string_view text) const override { return text.starts_with(R"({"type":"offer")"); }
  bool saysAnswer(std::string_view text) const override { return text.starts_with(R"({"type":"answer")"); }
};

class PeerJs final : public Dialect {
 public:
  std::string path(const std::string& user) const override {
    return "/peerjs?key=peerjs&id=" + user + "&token=" + user + "&version=1";
  }
  bool saysLoggedIn(std::string_view text) const override { return has(text, R"("OPEN")"); }
  std::string relay(const std::string&, const std::string& to, const std::string& content) const override {
    return R"({"type":"CANDIDATE","payload":{"candidate":{"candidate":")" + content +
           R"(","sdpMid":"0","sdpMLineIndex":0}},"dst":")" + to + "\"}";
  }
  std::string leave(const std::string&, const std::string& to) const override {
    return R"({"type":"LEAVE","dst":")" + to + "\"}";
  }
  std::string offer(const std::string&, const std::string& to) const override {
    return R"({"type":"OFFER","payload":{"sdp":{"type":"offer","sdp":")" + description() + R"("}},"dst":")" + to +
           "\"}";
  }
  std::string answer(const std::string&, const std::string& to) const override {
    return R"({"type":"ANSWER","payload":{"sdp":{"type":"answer","sdp":")" + description() + R"("}},"dst":")" + to +
           "\"}";
  }
  bool saysOffer(std::string_view text) const override { return has(text.substr(0, 40), R"("OFFER")"); }
  bool saysAnswer(std::string_view text) const override { return has(text.substr(0, 40), R"("ANSWER")"); }
};

class Echo final : public Dialect {
 public:
  std::string login(const std::string&) const override { return "hello"; }
  bool saysLoggedIn(std::string_view text) const override { return text == "hello"; }
  std::string relay(const std::string&, const std::string& to, const std::string& content) const override {
    return R"({"type":"candidate","candidate":{"candidate":")" + content +
           R"(","sdpMid":"0","sdpMLineIndex":0},"name":")" + to + "\"}";
  }
  std::string offer(const std::string&, const std::string&) const override { return description(); }
  std::string answer(const std::string&, const std::string&) const override { return description(); }
  bool saysOffer(std::string_view) const override { return false; }
  bool saysAnswer(std::string_view) const override { return false; }
};

}  // namespace

std::unique_ptr<Dialect> makeDialect(std::string_view name) {
  if (name == "full") return std::make_unique<Full>();
  if (name == "book") return std::make_unique<Book>();
  if (name == "peerjs") return std::make_unique<PeerJs>();
  if (name == "echo") return std::make_unique<Echo>();
  return nullptr;
}

}  // namespace rtc::bench
