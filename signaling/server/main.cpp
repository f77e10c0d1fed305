// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-signald: the signaling service as a program.
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

#include "signaling/server/access/token_command.hpp"
#include "signaling/server/config_file.hpp"
#include "signaling/server/log.hpp"
#include "signaling/server/options.hpp"
#include "signaling/server/service.hpp"

namespace {

int failed(const rtc::Error& error) {
  std::fprintf(stderr, "rtc-signald: %s\n", error.message.c_str());
  return EXIT_FAILURE;
}

/// Nobody shall find out later.
void warnThatItIsOpen() {
  std::fputs(
      "rtc-signald: WARNING: this service is OPEN. Everybody who can reach it may log in under any name that is free.\n"
      "rtc-signald: WARNING: give it --token-keys, so that names are proved.\n",
      stderr);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rtc::signaling;
  // The standard output belongs to the line that says where we listen.
  g_log_writer_default_set_use_stderr(TRUE);
  auto parsed = parseCommandLine(argc, argv);
  if (!parsed) return failed(parsed.error());
  if (std::holds_alternative<ShowVersion>(parsed.value())) {
    std::puts("rtc-signald " RTC_VERSION);
    return EXIT_SUCCESS;
  }
  if (std::holds_alternative<SampleConfig>(parsed.value())) {
    std::fputs(sampleConfig().c_str(), stdout);
    return EXIT_SUCCESS;
  }
  if (std::holds_alternative<MintToken>(parsed.value())) {
    const auto token = mintToken(argc - 1, argv + 1);
    if (!token) return failed(token.error());
    std::puts(token.value().c_str());
    return EXIT_SUCCESS;
  }
  if (auto* check = std::get_if<CheckConfig>(&parsed.value())) {
    if (const auto prepared = Service(std::move(check->options)).prepare(); !prepared) return failed(prepared.error());
    std::puts("the configuration is good");
    return EXIT_SUCCESS;
  }
  auto& options = std::get<Options>(parsed.value());
  const bool open = options.doors->isOpen();
  Service service(std::move(options));
  const auto listening = service.listen();
  if (!listening) return failed(listening.error());
  if (open) warnThatItIsOpen();
  for (const auto& line : listening.value()) std::puts(line.c_str());
  std::fflush(stdout);
  service.run();
  return EXIT_SUCCESS;
}
