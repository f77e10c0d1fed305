// SPDX-License-Identifier: LGPL-2.1-or-later
#include "app/options.hpp"

#include <glib.h>

#include "tests/support/check.hpp"

using namespace rtc::app;

namespace {

Options parsed(std::vector<std::string> arguments) {
  auto result = parseOptions(std::move(arguments));
  ck_assert_msg(result.ok(), "%s", result.ok() ? "" : result.error().message.c_str());
  return std::move(result).value();
}

}  // namespace

RTC_TEST(a_dial_has_its_peer_and_options) {
  const auto options = parsed({"dial", "bob", "--user", "alice", "--server=ws://h:1", "--duration", "5", "--json",
                               "--video", "none", "--no-display", "--snapshot", "x.png"});
  RTC_ASSERT(options.command == Command::Dial);
  RTC_ASSERT_EQ(options.peer, "bob");
  RTC_ASSERT_EQ(options.user, "alice");
  RTC_ASSERT_EQ(options.server, "ws://h:1");
  RTC_ASSERT_EQ(options.duration, 5);
  RTC_ASSERT(options.json);
  RTC_ASSERT_EQ(options.video, "none");
  RTC_ASSERT_EQ(options.audio, "auto");
  RTC_ASSERT_EQ(options.pipeline, "call");
  RTC_ASSERT(options.display.has_value() && !*options.display);
  RTC_ASSERT_EQ(options.snapshot, "x.png");
  RTC_ASSERT_EQ(options.recovery_timeout, 30);
  RTC_ASSERT_EQ(parsed({"send", "bob", "a", "--recovery-timeout", "0"}).recovery_timeout, 0);
}

RTC_TEST(devices_are_chosen_by_name_and_size) {
  const auto options =
      parsed({"answer", "--camera", "c270", "--microphone=mono", "--speaker", "USB", "--size", "1280x720"});
  RTC_ASSERT_EQ(options.camera, "c270");
  RTC_ASSERT_EQ(options.microphone, "mono");
  RTC_ASSERT_EQ(options.speaker, "USB");
  RTC_ASSERT_EQ(options.size.width, 1280);
  RTC_ASSERT_EQ(options.size.height, 720);
  RTC_ASSERT_EQ(parsed({"answer"}).size.width, 640);
  for (const char* size : {"x", "640", "640x", "640x480x", "640x480 ", "0x480", "-640x480", "99999x480"}) {
    ck_assert_msg(!parseOptions({"answer", "--size", size}).ok(), "%s", size);
  }
  RTC_ASSERT(!parseOptions({"answer", "--video", "test", "--camera", "c270"}).ok());
}

RTC_TEST(groups_visibility_and_a_file_for_the_token_are_taken) {
  const auto answers = parsed({"answer", "--group", "support", "--group", "@sales", "--visible", "--token-file", "t"});
  RTC_ASSERT(answers.groups == (std::vector<std::string>{"support", "sales"}));
  RTC_ASSERT_EQ(joinedAtCommas(answers.groups), "support,sales");
  RTC_ASSERT(answers.visible);
  RTC_ASSERT_EQ(answers.token_file, "t");
  RTC_ASSERT(!parseOptions({"answer", "--group", "a,b"}).ok());
  RTC_ASSERT(!parseOptions({"answer", "--group", "@"}).ok());
  RTC_ASSERT(!parseOptions({"answer", "--token", "x", "--token-file", "t"}).ok());
  RTC_ASSERT(!parseOptions({"dial", "bob", "--group", "support"}).ok());
}

RTC_TEST(users_are_listed_or_watched) {
  RTC_ASSERT(parsed({"users"}).watch.empty());
  RTC_ASSERT(parsed({"users", "--watch", "bob", "carol"}).watch == (std::vector<std::string>{"bob", "carol"}));
  RTC_ASSERT(!parseOptions({"users", "--watch"}).ok());
  RTC_ASSERT(!parseOptions({"users", "bob"}).ok());
}

RTC_TEST(files_to_send_and_a_folder_to_receive_into_are_taken) {
  const auto sends = parsed({"send", "bob", "a", "b c", "--max-bitrate", "1000000"});
  RTC_ASSERT(sends.command == Command::Send);
  RTC_ASSERT_EQ(sends.peer, "bob");
  RTC_ASSERT(sends.files == (std::vector<std::string>{"a", "b c"}));
  RTC_ASSERT_EQ(sends.max_bitrate, 1'000'000);
  const auto receives = parsed({"receive", "--directory", "in", "--conflict", "rename", "--once"});
  RTC_ASSERT(receives.ask && receives.once);
  RTC_ASSERT_EQ(receives.directory, "in");
  RTC_ASSERT_EQ(receives.conflict, "rename");
  RTC_ASSERT(!parsed({"receive", "--accept", "auto"}).ask);
  RTC_ASSERT(!parseOptions({"send", "bob"}).ok());
  RTC_ASSERT(!parseOptions({"receive", "--conflict", "guess"}).ok());
  RTC_ASSERT(parsed({"dial", "bob", "--send", "a", "--send", "b"}).files.size() == 2);
}

RTC_TEST(the_service_is_named_by_option_then_environment_then_default) {
  g_unsetenv("RTC_SERVER");
  RTC_ASSERT_EQ(parsed({"users"}).server, "ws://127.0.0.1:8888");
  g_setenv("RTC_SERVER", "ws://env:1", TRUE);
  RTC_ASSERT_EQ(parsed({"users"}).server, "ws://env:1");
  RTC_ASSERT_EQ(parsed({"users", "--server", "ws://option:1"}).server, "ws://option:1");
}

RTC_TEST(a_token_is_read_from_the_environment_where_no_list_of_processes_shows_it) {
  g_setenv("RTC_TOKEN", "secret", TRUE);
  RTC_ASSERT_EQ(parsed({"send", "bob", "a"}).token, "secret");
  g_unsetenv("RTC_TOKEN");
  RTC_ASSERT_EQ(parsed({"send", "bob", "a"}).token, "");
}

RTC_TEST(a_run_has_its_pipeline_and_parameters) {
  const auto options = parsed({"run", "mine", "width=640", "text=a=b", "--accept", "ask"});
  RTC_ASSERT(options.command == Command::Run);
  RTC_ASSERT_EQ(options.pipeline, "mine");
  RTC_ASSERT_EQ(options.parameters.size(), 2u);
  RTC_ASSERT_EQ(options.parameters[1].second, "a=b");
  RTC_ASSERT(options.ask);
  RTC_ASSERT_EQ(parsed({"run"}).pipeline, "");
}

RTC_TEST(every_command_has_its_help) {
  for (const char* command : {"dial", "answer", "users", "run", "devices"}) {
    const auto options = parsed({command, "--help"});
    RTC_ASSERT(options.command == Command::Help);
    RTC_ASSERT(options.help.starts_with("Usage: rtc-call " + std::string(command)));
    RTC_ASSERT(options.help.find("--json") != std::string::npos);
    RTC_ASSERT(parsed({"--help"}).help.find(command) != std::string::npos);
  }
  RTC_ASSERT(parsed({"dial", "--help"}).help.find("--once") == std::string::npos);
  RTC_ASSERT(parsed({"answer", "--help"}).help.find("--once") != std::string::npos);
}

RTC_TEST(a_wrong_command_line_is_an_error) {
  const std::vector<std::string> lines[] = {
      {},
      {"bogus"},
      {"dial"},
      {"dial", ""},
      {"dial", "a", "b"},
      {"dial", "a", "--bogus"},
      {"dial", "a", "--accept", "auto"},
      {"dial", "a", "--duration", "x"},
      {"dial", "a", "--duration", "-1"},
      {"dial", "a", "--recovery-timeout", "-1"},
      {"dial", "a", "--recovery-timeout", "601"},
      {"dial", "a", "--user", ""},
      {"dial", "a", "--display", "--no-display"},
      {"answer", "bob"},
      {"answer", "--accept", "maybe"},
      {"users", "--video", "test"},
      {"run", "mine", "value"},
      {"run", "mine", "=value"},
  };
  for (const auto& line : lines) {
    const auto result = parseOptions(line);
    ck_assert_msg(!result.ok(), "taken: %s", line.empty() ? "" : line.back().c_str());
    RTC_ASSERT(!result.error().message.empty());
  }
}
