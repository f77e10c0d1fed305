// SPDX-License-Identifier: LGPL-2.1-or-later
//
// rtc-call send and receive as processes over a real service, and what a kill of each party leaves behind.
#include <glib.h>

#include <csignal>

#include "tests/integration/rtc_call_process.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace rtc;
using namespace rtc::testing;

namespace {

std::vector<std::string> receive(const SignaldProcess& service, const std::string& folder,
                                 const std::vector<std::string>& more = {"--accept", "auto", "--once"}) {
  std::vector<std::string> words{"receive", "--user", "bob", "--server", service.uri(), "--directory", folder};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> send(const SignaldProcess& service, const std::vector<std::string>& files) {
  std::vector<std::string> words{"send", "bob", "--user", "alice", "--server", service.uri()};
  words.insert(words.end(), files.begin(), files.end());
  return words;
}

const CallEvent kOnline = {{"event", "session"}, {"state", "online"}};

/// A name is free again soon after its user was killed.
const char* const kForgets = "--resume-timeout=1";

/// Starts it until the service lets it in.
std::unique_ptr<RtcCallProcess> startAgain(const std::vector<std::string>& words) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    auto process = std::make_unique<RtcCallProcess>(words);
    CallEvent event;
    do {
      event = process->expect({{"event", "session"}});
    } while (event["state"] == "connecting");
    if (event["state"] == "online") return process;
    process->exitStatus();
  }
  ck_abort_msg("the name is not given back");
}

void waitForBytes(RtcCallProcess& party, double least) {
  CallEvent event;
  do {
    event = party.expect({{"event", "file"}, {"state", "running"}});
  } while (number(event, "bytes") < least);
}

}  // namespace

RTC_TEST(files_and_folders_are_handed_over) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto file = folder.fill("a.bin", 2'000'000);
  folder.makeFolder("d");
  folder.fill("d/b.bin", 10);
  RtcCallProcess bob(receive(service, folder.makeFolder("in")));
  bob.expect(kOnline);
  RtcCallProcess alice(send(service, {file, folder.path("d")}));
  alice.expect({{"event", "file"}, {"state", "done"}});
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  bob.expect({{"event", "file"}, {"state", "done"}, {"files-done", "2"}});
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
  RTC_ASSERT(folder.read("a.bin") == folder.read("in/a.bin"));
  RTC_ASSERT(folder.read("d/b.bin") == folder.read("in/d/b.bin"));
}

RTC_TEST(without_a_terminal_to_ask_at_files_are_declined_with_3) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  RtcCallProcess bob(receive(service, folder.makeFolder("in"), {}));
  bob.expect(kOnline);
  RtcCallProcess alice(send(service, {folder.fill("a", 10)}));
  alice.expect({{"event", "file"}, {"state", "rejected"}, {"reason", "declined"}});
  RTC_ASSERT_EQ(alice.exitStatus(), 3);
}

RTC_TEST(nobody_there_ends_with_4_and_a_missing_file_with_5) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  RtcCallProcess alice(send(service, {folder.fill("a", 10)}));
  RTC_ASSERT_EQ(alice.exitStatus(), 4);
  RtcCallProcess other(send(service, {folder.path("missing")}));
  const auto failed = other.expect({{"event", "file"}, {"state", "failed"}});
  RTC_ASSERT_EQ(failed.at("message"),
                "The transfer failed: " + folder.path("missing") + " cannot be sent: No such file or directory.");
  RTC_ASSERT_EQ(other.exitStatus(), 5);
}

RTC_TEST(an_interrupt_cancels_and_the_same_command_goes_on) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto file = folder.fill("a", 20'000'000);
  RtcCallProcess bob(receive(service, folder.makeFolder("in"), {"--accept", "auto"}));
  bob.expect(kOnline);
  auto words = send(service, {file});
  words.insert(words.end(), {"--max-bitrate", "40000000"});
  {
    RtcCallProcess alice(words);
    waitForBytes(alice, 3e6);
    alice.process().signal(SIGINT);
    alice.expect({{"event", "file"}, {"state", "cancelled"}});
    RTC_ASSERT_EQ(alice.exitStatus(), 6);
  }
  RTC_ASSERT(!folder.has("in/a"));
  RtcCallProcess alice(send(service, {file}));
  const auto first = alice.expect({{"event", "file"}, {"state", "running"}});
  alice.expect({{"event", "file"}, {"state", "done"}});
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));
  bob.expect({{"event", "file"}, {"state", "done"}});
  bob.process().signal(SIGINT);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
  RTC_ASSERT(!folder.has("in/.rtcfile-partial"));
}

RTC_TEST(a_killed_receiver_is_waited_for_and_goes_on) {
  const SignaldProcess service({kForgets});
  const TemporaryFolder folder;
  const auto file = folder.fill("a", 20'000'000);
  auto words = send(service, {file});
  words.insert(words.end(), {"--max-bitrate", "40000000"});
  auto bob = startAgain(receive(service, folder.makeFolder("in")));
  RtcCallProcess alice(words);
  waitForBytes(alice, 5e6);
  bob->process().signal(SIGKILL);
  alice.expect({{"event", "file"}, {"state", "interrupted"}});
  RTC_ASSERT(!folder.has("in/a"));
  bob = startAgain(receive(service, folder.path("in")));
  bob->expect({{"event", "file"}, {"state", "done"}}, Duration(60'000));
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));
}

RTC_TEST(a_killed_sender_leaves_what_the_next_one_goes_on_with) {
  const SignaldProcess service({kForgets});
  const TemporaryFolder folder;
  const auto file = folder.fill("a", 20'000'000);
  auto words = send(service, {file});
  words.insert(words.end(), {"--max-bitrate", "40000000"});
  RtcCallProcess bob(receive(service, folder.makeFolder("in")));
  bob.expect(kOnline);
  {
    RtcCallProcess alice(words);
    waitForBytes(alice, 5e6);
    alice.process().signal(SIGKILL);
  }
  bob.expect({{"event", "file"}, {"state", "interrupted"}});
  RTC_ASSERT(!folder.has("in/a"));
  const auto alice = startAgain(send(service, {file}));
  alice->expect({{"event", "file"}, {"state", "done"}});
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));
}

RTC_TEST(a_killed_service_does_not_end_a_transfer) {
  const TemporaryFolder folder;
  const auto file = folder.fill("a", 20'000'000);
  std::optional<SignaldProcess> service;
  service.emplace();
  auto words = send(*service, {file});
  words.insert(words.end(), {"--max-bitrate", "40000000"});
  RtcCallProcess bob(receive(*service, folder.makeFolder("in")));
  bob.expect(kOnline);
  RtcCallProcess alice(words);
  waitForBytes(alice, 3e6);
  service.reset();
  alice.expect({{"event", "session"}, {"state", "offline"}});
  alice.expect({{"event", "file"}, {"state", "done"}});
  RTC_ASSERT_EQ(alice.exitStatus(), 0);
  RTC_ASSERT_EQ(bob.exitStatus(), 0);
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));
}
