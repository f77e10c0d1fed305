// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Files between pipelines of this process, over a real service and real peer connections.
#include <glib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/temporary_folder.hpp"

using rtc::testing::SignaldProcess;
using rtc::testing::TemporaryFolder;
using rtc::testing::TestPipeline;
using rtc::testing::waitFor;

namespace {

using Fields = std::map<std::string, std::string>;

std::string login(const SignaldProcess& service, const std::string& user) {
  return " server=" + service.uri() + " user=" + user + " ";
}

std::string receiver(const SignaldProcess& service, const std::string& settings) {
  return "rtcfilesrc name=in" + login(service, "bob") + settings;
}

std::string sender(const SignaldProcess& service, const std::string& settings) {
  return "rtcfilesink name=out peer=bob" + login(service, "alice") + settings;
}

void playOnline(TestPipeline& pipeline) {
  pipeline.play();
  ck_assert(pipeline.posts("rtc-session", {{"state", "online"}}));
}

bool ends(TestPipeline& pipeline) {
  return pipeline.posts([](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; });
}

std::string transferOf(TestPipeline& pipeline) {
  std::string id;
  pipeline.posts([&](GstMessage* message) {
    if (gst_message_has_name(message, "rtc-file") == FALSE) return false;
    const auto* text = gst_structure_get_string(gst_message_get_structure(message), "transfer");
    id = text == nullptr ? "" : text;
    return !id.empty();
  });
  return id;
}

bool hasStored(TestPipeline& pipeline, guint64 least) {
  return pipeline.posts([least](GstMessage* message) {
    guint64 bytes = 0;
    return gst_message_has_name(message, "rtc-file") != FALSE &&
           gst_structure_get_uint64(gst_message_get_structure(message), "bytes", &bytes) != FALSE && bytes > least;
  });
}

bool act(TestPipeline& pipeline, const char* element, const char* action, const std::string& id) {
  gboolean done = FALSE;
  g_signal_emit_by_name(pipeline.named(element), action, id.c_str(), &done);
  return done != FALSE;
}

/// From alice to bob, who has stored the first of it.
struct SlowTransfer {
  SlowTransfer() {
    folder.makeFolder("in");
    playOnline(bob);
    alice.play();
    ck_assert(hasStored(bob, 500'000));
  }

  SignaldProcess service;
  TemporaryFolder folder;
  TestPipeline bob{receiver(service, "directory=" + folder.path("in"))};
  TestPipeline alice{sender(service, "max-bitrate=8000000 location=" + folder.fill("a", 8'000'000))};
};

}  // namespace

RTC_TEST(a_pipeline_of_every_awkward_size_arrives_in_a_pipeline) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  for (const std::size_t size : {0U, 1U, 16'383U, 16'384U, 16'385U, 1'048'575U, 1'048'576U, 1'048'577U}) {
    const auto from = folder.fill("a", size);
    TestPipeline bob(receiver(service, "! filesink location=" + folder.path("b")));
    TestPipeline alice("filesrc location=" + from + " ! " + sender(service, ""));
    playOnline(bob);
    alice.play();
    RTC_ASSERT(ends(alice));
    RTC_ASSERT(ends(bob));
    bob.stop();
    RTC_ASSERT(folder.read("a") == folder.read("b"));
  }
}

RTC_TEST(a_location_arrives_in_a_folder_with_its_name_time_and_mode) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto from = folder.fill("tool", 3'000'000);
  ::chmod(from.c_str(), 0755);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "directory=" + folder.path("in")));
  TestPipeline alice(sender(service, "location=" + from));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(ends(alice));
  RTC_ASSERT(ends(bob));
  RTC_ASSERT(folder.read("tool") == folder.read("in/tool"));
  struct stat sent {};
  struct stat got {};
  ::stat(from.c_str(), &sent);
  ::stat(folder.path("in/tool").c_str(), &got);
  RTC_ASSERT_EQ(got.st_mtim.tv_sec, sent.st_mtim.tv_sec);
  RTC_ASSERT((got.st_mode & S_IXUSR) != 0);
  RTC_ASSERT(!folder.has("in/.rtcfile-partial"));
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "file-done"}, {"place", folder.path("in/tool")}}));
}

RTC_TEST(a_folder_of_many_small_files_arrives) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  folder.makeFolder("many");
  folder.makeFolder("many/empty");
  for (unsigned i = 0; i < 300; ++i) folder.fill("many/" + std::to_string(i), i * 7, i + 1);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "directory=" + folder.path("in")));
  TestPipeline alice(sender(service, "location=" + folder.path("many")));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(ends(alice));
  RTC_ASSERT(ends(bob));
  for (unsigned i = 0; i < 300; ++i) {
    const auto name = "many/" + std::to_string(i);
    RTC_ASSERT(folder.has("in/" + name) && folder.read(name) == folder.read("in/" + name));
  }
  RTC_ASSERT(folder.has("in/many/empty"));
}

RTC_TEST(an_offer_is_asked_about_and_some_of_it_taken) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  folder.makeFolder("d");
  for (const char* name : {"d/a", "d/b", "d/c"}) folder.fill(name, 1'000);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "offers=ask directory=" + folder.path("in")));
  TestPipeline alice(sender(service, "location=" + folder.path("d")));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "asked"}, {"peer", "alice"}}));
  const auto id = transferOf(alice);
  gboolean done = FALSE;
  g_signal_emit_by_name(bob.named("in"), "accept-some", id.c_str(), "0,2", &done);
  RTC_ASSERT(done);
  RTC_ASSERT(ends(bob));
  RTC_ASSERT(folder.has("in/d/a") && !folder.has("in/d/b") && folder.has("in/d/c"));
  RTC_ASSERT(alice.posts("rtc-file", {{"state", "file-failed"}, {"name", "d/b"}, {"reason", "declined"}}));
}

RTC_TEST(a_declined_offer_is_an_error_with_its_reason) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto from = folder.fill("a", 1'000);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "offers=none directory=" + folder.path("in")));
  TestPipeline alice(sender(service, "location=" + from));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(alice.error().find("declined") != std::string::npos);
  RTC_ASSERT(alice.posts("rtc-file", {{"state", "rejected"}, {"reason", "declined"}}));
}

RTC_TEST(hidden_files_are_never_taken_without_being_asked) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto from = folder.fill(".bashrc", 10);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "directory=" + folder.path("in")));
  TestPipeline alice(sender(service, "location=" + from));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "asked"}}));
  RTC_ASSERT(!folder.has("in/.bashrc"));
  RTC_ASSERT(act(bob, "in", "accept-offer", ""));
  RTC_ASSERT(ends(bob));
  RTC_ASSERT(folder.has("in/.bashrc"));
}

RTC_TEST(either_side_pauses_and_cancels) {
  SlowTransfer transfer;
  auto& bob = transfer.bob;
  auto& alice = transfer.alice;
  const auto pausedSays = [](const char* field) {
    return [field](GstMessage* message) {
      gboolean paused = FALSE;
      return gst_message_has_name(message, "rtc-file") != FALSE &&
             gst_structure_get_boolean(gst_message_get_structure(message), field, &paused) != FALSE && paused != FALSE;
    };
  };
  RTC_ASSERT(act(bob, "in", "pause-file", ""));
  RTC_ASSERT(alice.posts(pausedSays("paused-there"), rtc::Duration(2'000)));
  RTC_ASSERT(act(bob, "in", "resume-file", ""));
  gboolean done = FALSE;
  g_signal_emit_by_name(alice.named("out"), "pause-file", &done);
  RTC_ASSERT(bob.posts(pausedSays("paused-there"), rtc::Duration(2'000)));
  g_signal_emit_by_name(alice.named("out"), "cancel-file", &done);
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "cancelled"}}, rtc::Duration(2'000)));
  RTC_ASSERT(!transfer.folder.has("in/a"));
  RTC_ASSERT(transfer.folder.has("in/.rtcfile-partial"));
}

RTC_TEST(whoever_hangs_up_has_cancelled) {
  SlowTransfer transfer;
  auto& bob = transfer.bob;
  auto& alice = transfer.alice;
  // Without a word about the file, as it is when the end of the call overtakes that.
  RTC_ASSERT(act(bob, "in", "hangup", ""));
  RTC_ASSERT(alice.posts("rtc-file", {{"state", "cancelled"}, {"reason", "cancelled"}}));
}

RTC_TEST(a_stopped_sender_leaves_what_the_next_one_goes_on_with) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto from = folder.fill("a", 12'000'000);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "max-transfers=0 directory=" + folder.path("in")));
  playOnline(bob);
  {
    TestPipeline alice(sender(service, "max-bitrate=40000000 location=" + from));
    alice.play();
    RTC_ASSERT(hasStored(alice, 2'000'000));
  }
  // The farewell may be lost with the connection.
  RTC_ASSERT(waitFor([&] {
    return bob.posts("rtc-file", {{"state", "cancelled"}}, rtc::Duration(0)) ||
           bob.posts("rtc-file", {{"state", "interrupted"}}, rtc::Duration(0));
  }));
  bob.forget();
  TestPipeline alice(sender(service, "location=" + from));
  alice.play();
  RTC_ASSERT(ends(alice));
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "done"}}));
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));
  // Its first word tells what was there before.
  RTC_ASSERT(bob.posts([](GstMessage* message) {
    guint64 there = 0;
    return gst_message_has_name(message, "rtc-file") != FALSE &&
           gst_structure_get_uint64(gst_message_get_structure(message), "bytes", &there) != FALSE &&
           there > 1'500'000 && there < 6'000'000;
  }));
}

RTC_TEST(a_transfer_behind_a_cancelled_one_arrives) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto large = folder.fill("large", 30'000'000);
  const auto small = folder.fill("small", 300'000);
  folder.makeFolder("in");
  TestPipeline bob(receiver(service, "max-transfers=0 directory=" + folder.path("in")));
  TestPipeline alice(sender(service, ""));
  playOnline(bob);
  alice.play();
  for (const auto& path : {large, small}) {
    const gchar* const paths[] = {path.c_str(), nullptr};
    gboolean done = FALSE;
    g_signal_emit_by_name(alice.named("out"), "send-files", paths, &done);
    RTC_ASSERT(done);
  }
  RTC_ASSERT(hasStored(alice, 2'000'000));
  gboolean done = FALSE;
  g_signal_emit_by_name(alice.named("out"), "cancel-file", &done);
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "cancelled"}}));
  RTC_ASSERT(alice.posts("rtc-file", {{"state", "done"}, {"name", "small"}}));
  RTC_ASSERT(folder.read("small") == folder.read("in/small"));
  RTC_ASSERT(!folder.has("in/large"));
}

RTC_TEST(a_pipeline_that_waits_holds_the_sender) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  const auto from = folder.fill("a", 40'000'000);
  TestPipeline bob(receiver(service, "! identity name=slow sleep-time=50000 ! fakesink name=end"));
  TestPipeline alice(sender(service, "location=" + from));
  playOnline(bob);
  alice.play();
  RTC_ASSERT(bob.posts("rtc-file", {{"state", "running"}}));
  const auto stored = [&] {
    guint64 most = 0;
    alice.posts([&](GstMessage* message) {
      guint64 bytes = 0;
      if (gst_message_has_name(message, "rtc-file") != FALSE &&
          gst_structure_get_uint64(gst_message_get_structure(message), "bytes", &bytes) != FALSE) {
        most = std::max(most, bytes);
      }
      return most > 10'000'000;
    });
    return most;
  };
  const auto begin = g_get_monotonic_time();
  RTC_ASSERT(stored() > 10'000'000);
  // Forty blocks, each held for 50 ms.
  RTC_ASSERT(g_get_monotonic_time() - begin > 1'000'000);
}

RTC_TEST(nobody_there_is_an_error) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  TestPipeline alice(sender(service, "location=" + folder.fill("a", 10)));
  alice.play();
  RTC_ASSERT(alice.error().find("unavailable") != std::string::npos);
}

RTC_TEST(two_sources_or_a_bad_folder_are_refused_at_once) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  TestPipeline both("fakesrc ! " + sender(service, "location=" + folder.fill("a", 10)));
  both.play();
  RTC_ASSERT(both.error().find("location") != std::string::npos);
  TestPipeline nowhere(receiver(service, "directory=/nonexistent"));
  nowhere.play();
  RTC_ASSERT(nowhere.error().find("/nonexistent") != std::string::npos);
  TestPipeline nothing(sender(service, "location=/nonexistent"));
  nothing.play();
  RTC_ASSERT(nothing.error().find("/nonexistent") != std::string::npos);
}
