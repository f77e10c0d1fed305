// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/element/turn_server.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/wait.hpp"

namespace rtc::testing {

namespace {

/// coturn cannot be told to pick one. Nobody else gets it in the moment between, for the kernel goes on to others.
int freePort() {
  const int probe = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof where;
  RTC_ASSERT_EQ(bind(probe, reinterpret_cast<sockaddr*>(&where), length), 0);
  getsockname(probe, reinterpret_cast<sockaddr*>(&where), &length);
  close(probe);
  return ntohs(where.sin_port);
}

std::string contents(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool startsWithOneOf(const std::string& line, std::initializer_list<const char*> beginnings) {
  for (const char* beginning : beginnings) {
    if (line.starts_with(beginning)) return true;
  }
  return false;
}

}  // namespace

TurnServer::TurnServer(const std::string& secret)
    : port_(freePort()),
      process_({"turnserver", "-c", folder_.write("turnserver.conf", configuration(secret)), "--verbose"}) {
  RTC_ASSERT(waitFor([this] { return log().find("UDP listener opened on: 127.0.0.1") != std::string::npos; }));
}

TurnServer::~TurnServer() {
  process_.signal(SIGTERM);
  process_.wait();
}

std::string TurnServer::log() const {
  return contents(folder_.path("log"));
}

/// The shipped one without what needs root or the world, and with loopback allowed.
std::string TurnServer::configuration(const std::string& secret) const {
  std::istringstream shipped(
      contents(std::string(std::getenv("RTC_SOURCE_ROOT")) + "/packaging/coturn/turnserver.conf"));
  std::ostringstream text;
  for (std::string line; std::getline(shipped, line);) {
    if (startsWithOneOf(line, {"static-auth-secret", "listening-port", "tls-", "proc-", "syslog", "no-stdout-log"}))
      continue;
    text << line << "\n";
  }
  text << "static-auth-secret=" << secret << "\nlistening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port=" << port_
       << "\nallow-loopback-peers\nallowed-peer-ip=127.0.0.1\nno-tls\nno-dtls\nlog-file=" << folder_.path("log")
       << "\npidfile=" << folder_.path("pid") << "\nuserdb=" << folder_.path("users") << "\n";
  return text.str();
}

}  // namespace rtc::testing
