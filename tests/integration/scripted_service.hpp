// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A signaling service that does what a test tells it to, also what a real one never should: refuse, be silent, talk
// rubbish, vanish. It runs on its own thread, over a real socket on the loopback interface.
#pragma once

#include <functional>
#include <semaphore>
#include <string>
#include <vector>

#include "base/guarded.hpp"
#include "base/task_thread.hpp"
#include "signaling/client/soup_ptr.hpp"

RTC_OWN_GOBJECT(SoupServer);
RTC_OWN_GOBJECT(GTlsCertificate);

namespace rtc::testing {

/// Thread-safe.
class ScriptedService {
 public:
  /// What to say to a text: any number of texts.
  using Script = std::function<std::vector<std::string>(const std::string& text)>;

  struct Options {
    Script script = {};
    guint http_status = 0;         ///< not 0: answers every request with it instead of opening a WebSocket
    std::string certificate = {};  ///< PEM files: speaks TLS
    std::string key = {};
    guint port = 0;  ///< 0 picks one
  };

  explicit ScriptedService(Options options);
  ~ScriptedService();

  guint port() const { return port_; }
  std::string uri() const;
  std::vector<std::string> heard() const { return heard_.copy(); }
  unsigned closedByClients() const { return closed_.copy(); }

  /// Says something to everybody.
  void say(const std::string& text);
  /// Hangs up on everybody, without a word.
  void drop();
  void setScript(Script script);
  /// From here on it does nothing at all, until the end or `resume`.
  void freeze();
  void resume();

 private:
  struct Callbacks;

  std::vector<Ptr<SoupWebsocketConnection>> links_;  // of the thread
  Script script_;                                    // of the thread
  Ptr<SoupServer> server_;
  guint port_ = 0;
  bool tls_ = false;
  Guarded<std::vector<std::string>> heard_;
  Guarded<unsigned> closed_{0U};
  std::binary_semaphore frozen_{0};
  std::binary_semaphore resumed_{0};
  bool is_frozen_ = false;
  TaskThread thread_{"service"};
};

}  // namespace rtc::testing
