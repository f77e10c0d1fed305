// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The book's signaling client: login, then offers, answers and candidates by user name.
#pragma once

#include <functional>
#include <string>

#include "bench/peers/gst_ptr.hpp"

namespace rtc::bench {

/// What the other side sent.
struct BookMessage {
  std::string type;  ///< offer, answer, candidate, leave
  std::string from;  ///< of an offer
  std::string sdp;
  std::string candidate;
  guint media_line = 0;
};

/// Bound to the thread of the default main context. Any failure ends the program: a measurement has no half results.
class BookClient {
 public:
  BookClient(const std::string& server, std::string name, std::function<void()> logged_in,
             std::function<void(const BookMessage&)> received);

  void sendDescription(const std::string& to, const char* type, const std::string& sdp);
  void sendCandidate(const std::string& to, guint media_line, const std::string& candidate);

 private:
  void onConnected(GAsyncResult* result);
  void onText(const char* text, gsize size);
  void send(JsonBuilder* builder);

  std::string name_;
  std::function<void()> logged_in_;
  std::function<void(const BookMessage&)> received_;
  Ptr<SoupSession> session_;
  Ptr<SoupWebsocketConnection> socket_;
};

}  // namespace rtc::bench
