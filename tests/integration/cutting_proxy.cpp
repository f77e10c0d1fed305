// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/integration/cutting_proxy.hpp"

#include <array>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/check.hpp"

namespace rtc::testing {

namespace {

sockaddr_in loopback(int port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_port = htons(static_cast<std::uint16_t>(port));
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return where;
}

const sockaddr* any(const sockaddr_in& where) {
  return reinterpret_cast<const sockaddr*>(&where);
}

}  // namespace

CuttingProxy::CuttingProxy(int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto where = loopback(0);
  socklen_t length = sizeof where;
  RTC_ASSERT_EQ(bind(listener_, any(where), length), 0);
  RTC_ASSERT_EQ(listen(listener_, 16), 0);
  getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &length);
  port_ = ntohs(where.sin_port);
  RTC_ASSERT_EQ(pipe(orders_), 0);
  thread_ = std::thread([this] { serve(); });
}

CuttingProxy::~CuttingProxy() {
  tell('e');
  thread_.join();
  for (auto& link : links_) drop(link);
  for (const int descriptor : {listener_, orders_[0], orders_[1]}) close(descriptor);
}

void CuttingProxy::tell(char order) {
  RTC_ASSERT_EQ(write(orders_[1], &order, 1), 1);
}

void CuttingProxy::serve() {
  for (bool goes_on = true; goes_on;) {
    std::vector<pollfd> watched{{orders_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [client, service] : links_) {
      watched.push_back({client, POLLIN, 0});
      watched.push_back({service, POLLIN, 0});
    }
    if (poll(watched.data(), watched.size(), -1) < 0) continue;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (watched[2 + 2 * i].revents != 0) pass(links_[i], true);
      if (links_[i].first >= 0 && watched[3 + 2 * i].revents != 0) pass(links_[i], false);
    }
    std::erase_if(links_, [](const Link& link) { return link.first < 0; });
    if (watched[1].revents != 0) accept();
    if (watched[0].revents != 0) goes_on = obey();
  }
}

bool CuttingProxy::obey() {
  char order = 0;
  if (read(orders_[0], &order, 1) != 1 || order == 'e') return false;
  open_ = order != 's';
  if (order != 'o') {
    for (auto& link : links_) drop(link);
    links_.clear();
  }
  return true;
}

void CuttingProxy::accept() {
  Link link{accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC), socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  const auto where = loopback(target_port_);
  if (open_ && connect(link.second, any(where), sizeof where) == 0) {
    links_.push_back(link);
  } else {
    drop(link);
  }
}

void CuttingProxy::pass(Link& link, bool from_client) {
  std::array<char, 16 * 1024> bytes{};
  const auto size = recv(from_client ? link.first : link.second, bytes.data(), bytes.size(), 0);
  const int to = from_client ? link.second : link.first;
  if (size <= 0 || send(to, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) != size) drop(link);
}

void CuttingProxy::drop(Link& link) {
  // Both sides get a reset, and lose what they had not read.
  const linger at_once{1, 0};
  for (int* side : {&link.first, &link.second}) {
    setsockopt(*side, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(std::exchange(*side, -1));
  }
}

}  // namespace rtc::testing
