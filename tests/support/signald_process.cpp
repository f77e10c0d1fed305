// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/signald_process.hpp"

#include <csignal>
#include <cstdlib>
#include <string_view>

#include "tests/support/check.hpp"

#ifdef __SANITIZE_ADDRESS__
// g++ 12's leak sanitizer crashes on its own look at the local storage of GnuTLS' threads, which the clients of these
// tests have. The service is a program of its own, and its leaks are still found.
extern "C" __attribute__((visibility("default"))) const char* __asan_default_options() {
  return "detect_leaks=0";
}
#endif

namespace rtc::testing {

namespace {

std::vector<std::string> commandLine(const std::vector<std::string>& options) {
  const char* program = std::getenv("RTC_SIGNALD");
  ck_assert_msg(program != nullptr, "RTC_SIGNALD must name the service's program");
  // A test does not wait for calls that it left behind; its own options come later and count.
  std::vector<std::string> argv{program, "--port", "0", "--drain-timeout", "0.2"};
  argv.insert(argv.end(), options.begin(), options.end());
  return argv;
}

}  // namespace

SignaldProcess::SignaldProcess(const std::vector<std::string>& options) : process_(commandLine(options)) {
  constexpr std::string_view kGreeting = "listening on ";
  const auto line = process_.readLine();
  ck_assert_msg(line && line->starts_with(kGreeting), "the service says: %s", line ? line->c_str() : "nothing");
  uri_ = line->substr(kGreeting.size());
}

SignaldProcess::~SignaldProcess() {
  if (!process_.running()) return;
  process_.signal(SIGTERM);
  RTC_ASSERT_EQ(process_.wait().value_or(-1), 0);
}

int SignaldProcess::port() const {
  return std::atoi(uri_.c_str() + uri_.rfind(':') + 1);
}

int SignaldProcess::adminPort() {
  if (admin_port_ == 0) {
    const auto line = process_.readLine().value_or("");
    ck_assert_msg(line.starts_with("admin on http://127.0.0.1:"), "the service says: %s", line.c_str());
    admin_port_ = std::atoi(line.c_str() + line.rfind(':') + 1);
  }
  return admin_port_;
}

}  // namespace rtc::testing
