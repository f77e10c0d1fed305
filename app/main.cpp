// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-call: calls for a person at a terminal, and for scripts.
#include <gst/gst.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <memory>

#include "app/call_app.hpp"
#include "app/devices.hpp"
#include "app/file_app.hpp"
#include "app/json_face.hpp"
#include "app/launch_library.hpp"
#include "app/options.hpp"
#include "app/presence_watch.hpp"
#include "app/terminal_face.hpp"
#include "app/token_file.hpp"
#include "app/user_list.hpp"

namespace {

using namespace rtc::app;

std::unique_ptr<Face> makeFace(bool json) {
  if (json) return std::make_unique<JsonFace>();
  return std::make_unique<TerminalFace>(::isatty(STDOUT_FILENO) != 0);
}

ExitStatus listPipelines() {
  for (const auto& entry : LaunchLibrary::ofThisUser().entries()) {
    std::printf("%-16s %s\n%-16s %s\n", entry.name.c_str(), entry.summary.c_str(), "", entry.path.c_str());
  }
  return ExitStatus::EndedWell;
}

ExitStatus listDevices(Face& face) {
  face.show(FoundDevicesEvent{devices()});
  return ExitStatus::EndedWell;
}

ExitStatus carryOut(Options options) {
  const auto face = makeFace(options.json);
  if (!options.token_file.empty()) {
    auto token = readToken(options.token_file);
    if (!token) {
      face->show(ErrorEvent{token.error().message});
      return ExitStatus::Usage;
    }
    options.token = std::move(token).value();
  }
  switch (options.command) {
    case Command::Help:
      std::printf("%s", options.help.c_str());
      return ExitStatus::EndedWell;
    case Command::Version:
      std::printf("rtc-call %s\n", RTC_VERSION);
      return ExitStatus::EndedWell;
    case Command::Users:
      return options.watch.empty() ? listUsers(options, *face) : watchUsers(options, *face);
    case Command::Devices:
      return listDevices(*face);
    case Command::Send:
    case Command::Receive:
      return FileApp(std::move(options), *face).run();
    case Command::Run:
      if (options.pipeline.empty()) return listPipelines();
      break;
    case Command::Dial:
    case Command::Answer:
      break;
  }
  return CallApp(std::move(options), *face).run();
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  auto options = parseOptions({argv + 1, argv + argc});
  if (!options) {
    std::fprintf(stderr, "rtc-call: %s\n", options.error().message.c_str());
    return static_cast<int>(ExitStatus::Usage);
  }
  gst_init(nullptr, nullptr);
  const auto status = carryOut(std::move(options).value());
  // Without the libraries' own endings: OpenSSL's takes its locks away from threads that still make a key.
  std::fflush(nullptr);
  ::_exit(static_cast<int>(status));
}
