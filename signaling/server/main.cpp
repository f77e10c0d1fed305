// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-signald: the signaling service as a program.
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <variant>

#include "signaling/server/config_file.hpp"
#include "signaling/server/log.hpp"
#include "signaling/server/options.hpp"
#include "signaling/server/service.hpp"

namespace {

int failed(const rtc::Error& error) {
  std::fprintf(stderr, "rtc-signald: %s\n", error.message.c_str());
  return EXIT_FAILURE;
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
  if (auto* check = std::get_if<CheckConfig>(&parsed.value())) {
    if (const auto prepared = Service(std::move(check->options)).prepare(); !prepared) return failed(prepared.error());
    std::puts("the configuration is good");
    return EXIT_SUCCESS;
  }
  Service service(std::move(std::get<Options>(parsed.value())));
  const auto listening = service.listen();
  if (!listening) return failed(listening.error());
  for (const auto& line : listening.value()) std::puts(line.c_str());
  std::fflush(stdout);
  service.run();
  return EXIT_SUCCESS;
}
