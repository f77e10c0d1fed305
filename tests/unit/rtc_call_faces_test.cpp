// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "app/exit_status.hpp"
#include "app/file_progress.hpp"
#include "app/json_face.hpp"
#include "app/terminal_face.hpp"
#include "app/typed_commands.hpp"
#include "tests/support/check.hpp"

using namespace rtc::app;

namespace {

StatsEvent stats() {
  StatsEvent event;
  event.fields = {{"peer", std::string("bob")},
                  {"seconds", 65.2},
                  {"round-trip", 1.25},
                  {"video-in-width", std::int64_t{640}},
                  {"video-in-height", std::int64_t{480}},
                  {"video-in-fps", 29.9},
                  {"video-in-bitrate", std::uint64_t{1'250'000}},
                  {"audio-in-level", -INFINITY}};
  return event;
}

/// What a face writes to stderr about an event.
std::string complaint(Face& face, const Event& event) {
  std::array<int, 2> ends{};
  RTC_ASSERT_EQ(::pipe(ends.data()), 0);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  face.show(event);
  std::fflush(stderr);
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  ::close(ends[1]);
  std::array<char, 256> text{};
  const auto size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

RTC_TEST(found_devices_are_a_json_object_each_with_their_modes) {
  Device camera;
  camera.name = "Cam";
  camera.path = "/dev/video0";
  camera.pictures = {{"image/jpeg", "JPEG", {640, 640}, {480, 480}, {{15, 1}, {30, 1}}}};
  Device speaker;
  speaker.kind = DeviceKind::Speaker;
  speaker.name = "Card";
  speaker.is_default = true;
  speaker.sounds = {{{"S16LE"}, {8000, 48000}, {2, 2}}};
  RTC_ASSERT_EQ(jsonLine(FoundDevicesEvent{{camera, speaker}}),
                R"({"event":"found-device","kind":"camera","name":"Cam","path":"/dev/video0","modes":[)"
                R"({"media":"image/jpeg","format":"JPEG","width":640,"height":480,"rates":[15.0,30.0]}]})"
                "\n"
                R"({"event":"found-device","kind":"speaker","name":"Card","default":true,"modes":[)"
                R"({"formats":["S16LE"],"rate":[8000,48000],"channels":2}]})");
}

RTC_TEST(a_transfer_is_a_line_with_a_bar) {
  FileEvent event;
  event.state = "running";
  event.name = "a.iso";
  event.files = 1;
  event.bytes = 25'000'000;
  event.total = 100'000'000;
  event.rate = 5e6;
  event.left = 75;
  RTC_ASSERT_EQ(fileLine(event), "[######..................]  25%  a.iso  25.0 MB of 100.0 MB  5.0 MB/s  1:15 left");
  event.total = -1;
  event.left = -1;
  RTC_ASSERT_EQ(fileLine(event), "a.iso  25.0 MB  5.0 MB/s");
  RTC_ASSERT_EQ(timeInWords(3'723), "1:02:03");
  RTC_ASSERT_EQ(sizeInWords(999), "999 B");
  RTC_ASSERT_EQ(sizeInWords(999'999), "1.0 MB");
}

RTC_TEST(a_call_is_one_json_object) {
  RTC_ASSERT_EQ(
      jsonLine(CallEvent{"ended", "c1", "b\"ob", "outgoing", "hangup"}),
      R"({"event":"call","state":"ended","peer":"b\"ob","direction":"outgoing","call":"c1","reason":"hangup"})");
  RTC_ASSERT_EQ(jsonLine(CallEvent{"connected", "c1", "bob", "", ""}),
                R"({"event":"call","state":"connected","peer":"bob","call":"c1"})");
}

RTC_TEST(who_calls_whom_and_who_called_in_vain_is_told) {
  RTC_ASSERT_EQ(
      jsonLine(CallEvent{"ringing", "c1", "alice", "incoming", "", "Alice A.", "support"}),
      R"({"event":"call","state":"ringing","peer":"alice","direction":"incoming","call":"c1","display":"Alice A.","group":"support"})");
  RTC_ASSERT_EQ(jsonLine(MissedCallEvent{"c1", "bob", 90}), R"({"event":"missed","peer":"bob","call":"c1","ago":90})");
  RTC_ASSERT_EQ(jsonLine(PresenceEvent{"bob", "busy"}), R"({"event":"presence","user":"bob","state":"busy"})");
}

RTC_TEST(numbers_stay_numbers_and_what_is_not_finite_is_null) {
  const auto line = jsonLine(stats());
  RTC_ASSERT(line.starts_with(R"({"event":"stats","peer":"bob",)"));
  RTC_ASSERT(line.find(R"("video-in-bitrate":1250000)") != std::string::npos);
  RTC_ASSERT(line.find(R"("audio-in-level":null)") != std::string::npos);
}

RTC_TEST(the_other_events_are_json_objects_too) {
  RTC_ASSERT_EQ(jsonLine(SessionEvent{"online", "alice", "ws://h:1", ""}),
                R"({"event":"session","state":"online","user":"alice","server":"ws://h:1"})");
  RTC_ASSERT_EQ(jsonLine(DeviceEvent{"video", "test", "test picture"}),
                R"({"event":"device","kind":"video","choice":"test","message":"test picture"})");
  RTC_ASSERT_EQ(jsonLine(DeviceEvent{"video", "device", "“Cam” is back", "Cam", "/dev/video0"}),
                R"({"event":"device","kind":"video","choice":"device","device":"Cam","path":"/dev/video0",)"
                R"("message":"“Cam” is back"})");
  RTC_ASSERT_EQ(jsonLine(FoundDevicesEvent{}), "");
  RTC_ASSERT_EQ(jsonLine(SnapshotEvent{"a.png", 640, 480}),
                R"({"event":"snapshot","file":"a.png","width":640,"height":480})");
  RTC_ASSERT_EQ(jsonLine(UsersEvent{{{"bob", true}}}), R"({"event":"users","users":[{"name":"bob","busy":true}]})");
  RTC_ASSERT_EQ(jsonLine(ErrorEvent{"no"}), R"({"event":"error","message":"no"})");
  RTC_ASSERT_EQ(jsonLine(QuestionEvent{"take it?"}), "");
}

RTC_TEST(the_live_line_tells_time_picture_sound_and_round_trip) {
  auto event = stats();
  RTC_ASSERT_EQ(statsLine(event),
                "01:05 bob  in 640x480 30 fps 1.2 Mbit/s  out no picture  no sound  round trip 1.2 ms");
  event.fields.back().second = -20.4;
  RTC_ASSERT(statsLine(event).find("sound -20 dB") != std::string::npos);
}

RTC_TEST(names_from_elsewhere_cannot_steer_the_terminal) {
  RTC_ASSERT_EQ(printable("a\x1b[2Jb\x7f\n"), "a?[2Jb??");
  RTC_ASSERT_EQ(printable("x\xc2\x9b"
                          "31m"),
                "x?31m");
  RTC_ASSERT_EQ(printable("Zoë"), "Zoë");
}

RTC_TEST(nor_can_errors_and_questions_on_stderr) {
  const std::string hostile = "a\x1b[2Jb";
  TerminalFace terminal(false);
  RTC_ASSERT_EQ(complaint(terminal, ErrorEvent{hostile}), "rtc-call: a?[2Jb\n");
  JsonFace json;
  RTC_ASSERT_EQ(complaint(json, ErrorEvent{hostile}), "rtc-call: a?[2Jb\n");
  RTC_ASSERT_EQ(complaint(json, QuestionEvent{hostile}), "a?[2Jb ");
  RTC_ASSERT_EQ(complaint(json, NoticeEvent{hostile}), "a?[2Jb\n");
}

RTC_TEST(each_reason_has_its_exit_status) {
  const std::pair<ExitStatus, std::vector<const char*>> expected[] = {
      {ExitStatus::EndedWell, {"hangup", "cancelled", "answered_elsewhere", "replaced", "glare_lost"}},
      {ExitStatus::Refused, {"declined", "busy"}},
      {ExitStatus::Unreachable, {"unavailable", "timeout"}},
      {ExitStatus::Failed,
       {"ice_failed", "media_failed", "peer_lost", "fingerprint_mismatch", "server_shutdown", "", "something_new"}},
  };
  for (const auto& [status, reasons] : expected) {
    for (const char* reason : reasons) {
      ck_assert_msg(exitStatusFor(reason) == status, "%s", reason);
    }
  }
}

RTC_TEST(a_stream_of_the_other_side_is_one_json_object) {
  RTC_ASSERT_EQ(jsonLine(StreamEvent{"muted", "c1", "bob", "audio", "audio_0"}),
                R"({"event":"stream","state":"muted","kind":"audio","peer":"bob","call":"c1","pad":"audio_0"})");
}

RTC_TEST(what_is_typed_is_a_command_or_none) {
  const auto mute = [](const char* line) {
    const auto command = commandIn(line);
    const auto* found = std::get_if<MuteCommand>(&command);
    if (found == nullptr) return std::string("none");
    return std::string(found->muted ? "mute" : "unmute") + (found->video ? " video" : "") +
           (found->audio ? " audio" : "");
  };
  RTC_ASSERT_EQ(mute("/mute\n"), "mute audio");
  RTC_ASSERT_EQ(mute("/unmute audio\n"), "unmute audio");
  RTC_ASSERT_EQ(mute("/mute video"), "mute video");
  RTC_ASSERT_EQ(mute("/mute all \r\n"), "mute video audio");
  for (const char* line : {"", "mute", "/mute everything", "/mutevideo", "/"}) RTC_ASSERT_EQ(mute(line), "none");
  const auto sent = commandIn("/send  a file.txt\n");
  RTC_ASSERT_EQ(std::get<SendCommand>(sent).file, "a file.txt");
  RTC_ASSERT(std::holds_alternative<UnknownCommand>(commandIn("/send")));
}
