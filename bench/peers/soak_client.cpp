// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bench/peers/soak_client.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include "signaling/protocol/codec.hpp"

namespace rtc::bench {

using namespace signaling;

void SoakClient::arrive(bool deaf) {
  greeted_ = false;
  socket_ = std::make_unique<LoadClient>(port_, index_);
  if (deaf) {
    const int little = 8 * 1024;
    setsockopt(socket_->fd(), SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
  }
  // An event may still be under way for the connection before this one.
  epoll_event event{EPOLLIN | EPOLLOUT | EPOLLET, {.u64 = std::uint64_t{++connections_} << 32 | index_}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, socket_->fd(), &event);
  socket_->sendRequest("/");
}

void SoakClient::vanish() {
  socket_.reset();
  online_ = false;
  deaf_ = false;
}

void SoakClient::say(ClientBody body) {
  const auto text = encode(conversation_.number(ClientMessage{"", std::move(body)}));
  if (online_) socket_->sendText(text);
}

void SoakClient::ready(std::uint64_t event) {
  if (!socket_ || event >> 32 != connections_) return;
  socket_->flush();
  if (deaf_) return;
  if (!socket_->read([&](std::string_view text) { take(text); })) {
    vanish();
    host_.lost(index_);
  } else if (socket_->upgraded() && !greeted_) {
    greeted_ = true;
    Login login{name_, kProtocolVersion, "", {}, {}, true};
    conversation_.prepare(login);
    socket_->sendText(encode(ClientMessage{"login", std::move(login)}));
  }
}

void SoakClient::take(std::string_view text) {
  const auto decoded = decodeNumberedMessage(text);
  if (!decoded) return;
  const auto& [message, numbers] = decoded.value();
  if (!online_) {
    const auto* ok = std::get_if<Ok>(&message);
    const auto* login = ok != nullptr ? std::get_if<LoggedIn>(&ok->body) : nullptr;
    if (login == nullptr) {
      host_.heard(index_, message);
      return;
    }
    online_ = true;
    for (const auto& missed : conversation_.begin(*login)) socket_->sendText(encode(missed));
    host_.arrived(index_, *login);
    return;
  }
  if (!conversation_.take(message, numbers)) return;
  if (const auto owed = conversation_.owedWord()) socket_->sendText(encode(*owed));
  host_.heard(index_, message);
}

}  // namespace rtc::bench
