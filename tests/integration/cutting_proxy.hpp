// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A TCP proxy on loopback that drops its connections when told to, as a network does: without a word, and with what was
// on its way.
#pragma once

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace rtc::testing {

/// Lives on a thread of its own. Thread-safe.
class CuttingProxy {
 public:
  explicit CuttingProxy(int target_port);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  std::string uri() const { return "ws://127.0.0.1:" + std::to_string(port_); }
  /// Drops every connection; new ones are taken.
  void cut() { tell('c'); }
  /// The same, and new ones are dropped at once until `reopen`.
  void shut() { tell('s'); }
  void reopen() { tell('o'); }

 private:
  using Link = std::pair<int, int>;

  void tell(char order);
  void serve();
  /// False: the proxy ends.
  bool obey();
  void accept();
  void pass(Link& link, bool from_client);
  static void drop(Link& link);

  const int target_port_;
  int port_ = 0;
  int listener_ = -1;
  int orders_[2] = {-1, -1};
  bool open_ = true;
  std::vector<Link> links_;
  std::thread thread_;
};

}  // namespace rtc::testing
