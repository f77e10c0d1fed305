// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A peer that offers files without end: it is told to stop, then cut off, and nobody else notices.
#include <filesystem>
#include <fstream>

#include "plugins/core/file/manifest.hpp"
#include "plugins/core/file/message.hpp"
#include "plugins/session/gst_ptr.hpp"
#include "tests/element/test_pipeline.hpp"
#include "tests/support/check.hpp"
#include "tests/support/signald_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace file = rtc::core::file;
using rtc::testing::SignaldProcess;
using rtc::testing::TemporaryFolder;
using rtc::testing::TestPipeline;

namespace {

constexpr unsigned kOffers = 10'000;
/// How many of one user are looked at: 64 at once, and then two a second.
constexpr std::size_t kMostLookedAt = 200;

std::size_t threads() {
  const std::filesystem::directory_iterator all("/proc/self/task");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t memory() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * 4'096;
}

void push(GstElement* source, const file::Bytes& message) {
  GstFlowReturn taken = GST_FLOW_OK;
  const auto buffer = rtc::adopt(gst_buffer_new_memdup(message.data(), message.size()));
  g_signal_emit_by_name(source, "push-buffer", buffer.get(), &taken);
}

/// Greets, offers and withdraws.
void offer(GstElement* source, unsigned number) {
  file::Offer offer;
  for (std::size_t i = 0; i < 4; ++i) offer.id[i] = static_cast<std::uint8_t>(number >> (8 * i));
  file::Entry entry;
  entry.path = {"a" + std::to_string(number)};
  entry.size = 1'000;
  offer.entries.push_back(entry);
  push(source, file::encode(file::Hello{}, true));
  push(source, file::encodeOfferPage(file::encode(offer).front()));
  push(source, file::encode(file::Cancel{{file::Code::Cancelled, "cancelled"}, false}));
}

}  // namespace

RTC_TEST(a_flood_of_offers_is_cut_off_in_bounded_memory_and_others_are_served) {
  const SignaldProcess service;
  const TemporaryFolder folder;
  folder.makeFolder("in");
  TestPipeline bob("rtcfilesrc server=" + service.uri() + " user=bob max-transfers=0 directory=" + folder.path("in"));
  bob.play();
  RTC_ASSERT(bob.posts("rtc-session", {{"state", "online"}}));
  TestPipeline mallory("appsrc name=offers ! rtcdatasink label=files protocol=rtcfile.1 peer=bob user=mallory server=" +
                       service.uri());
  mallory.play();
  RTC_ASSERT(mallory.posts("rtc-data", {{"state", "open"}}));
  const auto threads_before = threads();
  const auto memory_before = memory();
  for (unsigned i = 0; i < kOffers; ++i) offer(mallory.named("offers"), i);
  RTC_ASSERT(mallory.posts("rtc-data", {{"state", "closed"}}));

  TestPipeline alice("rtcfilesink server=" + service.uri() +
                     " user=alice peer=bob location=" + folder.fill("a", 200'000));
  alice.play();
  RTC_ASSERT(alice.posts([](GstMessage* message) { return GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS; }));
  RTC_ASSERT(folder.read("a") == folder.read("in/a"));

  bob.posts("rtc-file", {{"state", "done"}});
  const auto offers = bob.count("rtc-file", {{"peer", "mallory"}, {"state", "offered"}});
  ck_assert_msg(offers > 0 && offers < kMostLookedAt, "%zu offers were looked at", offers);
  // What the calls themselves take, but nothing for each offer.
  ck_assert_msg(threads() < threads_before + 60, "%zu threads, and %zu before", threads(), threads_before);
  ck_assert_msg(memory() < memory_before + (std::size_t{64} << 20U), "%zu bytes, and %zu before", memory(),
                memory_before);
}
