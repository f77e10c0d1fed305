// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/network_watch.hpp"

#include <glib-unix.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "plugins/session/host_addresses.hpp"

namespace rtc {

namespace {

/// Netlink's notices of links, addresses and routes. -1 if there are none to be had.
int openNotices() {
  const int notices = ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (notices < 0) return -1;
  sockaddr_nl groups{};
  groups.nl_family = AF_NETLINK;
  groups.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (::bind(notices, reinterpret_cast<const sockaddr*>(&groups), sizeof groups) == 0) return notices;
  ::close(notices);
  return -1;
}

}  // namespace

NetworkWatch::NetworkWatch(GMainContext* context, std::function<void()> on_change)
    : context_(context), on_change_(std::move(on_change)), socket_(openNotices()) {
  if (socket_ < 0) return;
  addresses_ = hostAddresses();
  readable_ = adopt(g_unix_fd_source_new(socket_, G_IO_IN));
  const GUnixFDSourceFunc on_notice = [](gint, GIOCondition, gpointer data) noexcept -> gboolean {
    static_cast<NetworkWatch*>(data)->noticed();
    return G_SOURCE_CONTINUE;
  };
  g_source_set_callback(readable_.get(), G_SOURCE_FUNC(on_notice), this, nullptr);
  g_source_attach(readable_.get(), context_);
}

NetworkWatch::~NetworkWatch() {
  if (readable_) g_source_destroy(readable_.get());
  if (socket_ >= 0) ::close(socket_);
}

void NetworkWatch::noticed() {
  // What it says is looked up, and not read: a notice may be lost, and then the next one is all that there is.
  std::array<char, 8192> notice{};
  while (::recv(socket_, notice.data(), notice.size(), 0) > 0) continue;
  if (!settle_.pending()) settle_ = Timer(context_, kSettle, [this] { settled(); });
}

void NetworkWatch::settled() {
  auto now = hostAddresses();
  if (now == addresses_) return;
  addresses_ = std::move(now);
  if (!addresses_.empty()) on_change_();
}

}  // namespace rtc
