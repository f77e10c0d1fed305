// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Which device is used while they come, go and fail, and which of its modes a camera is set to.
#include "app/capture_mode.hpp"
#include "app/device_choice.hpp"
#include "tests/support/check.hpp"

using namespace rtc;
using namespace rtc::app;

namespace {

Device camera(const std::string& name, const std::string& path) {
  Device device;
  device.kind = DeviceKind::Camera;
  device.name = name;
  device.path = path;
  device.element = "v4l2src device=" + path;
  return device;
}

Device microphone(const std::string& name) {
  Device device;
  device.kind = DeviceKind::Microphone;
  device.name = name;
  return device;
}

const Device kFront = camera("HD Webcam C270", "/dev/video0");
const Device kBack = camera("Integrated Camera", "/dev/video2");

DeviceChoice choice(const std::vector<Device>& there, const std::string& wish = "") {
  auto made = DeviceChoice::make(DeviceKind::Camera, wish, there);
  ck_assert_msg(made.ok(), "%s", made.ok() ? "" : made.error().message.c_str());
  return std::move(made).value();
}

std::string usedBy(const DeviceChoice::Use& use) {
  return use.device ? use.device->path : "";
}

}  // namespace

RTC_TEST(a_device_is_named_by_a_unique_part_of_its_name_or_path) {
  const std::vector<Device> there = {microphone("HD Webcam C270 Mono"), kFront, kBack};
  const auto named = [&](const char* words) { return deviceNamed(DeviceKind::Camera, words, there); };
  RTC_ASSERT_EQ(named("c270").value().path, "/dev/video0");
  RTC_ASSERT_EQ(named("Integrated Camera").value().path, "/dev/video2");
  RTC_ASSERT_EQ(named("video2").value().path, "/dev/video2");
  const auto several = named("cam");
  RTC_ASSERT(!several.ok());
  RTC_ASSERT_EQ(several.error().message,
                "“cam” may be more than one camera: “HD Webcam C270” (/dev/video0), “Integrated Camera” "
                "(/dev/video2).");
  RTC_ASSERT_EQ(named("nikon").error().message,
                "There is no camera “nikon”. There is: “HD Webcam C270” (/dev/video0), “Integrated Camera” "
                "(/dev/video2).");
}

RTC_TEST(a_whole_name_counts_before_a_part_of_another) {
  const std::vector<Device> there = {camera("Cam 10", "/dev/video0"), camera("Cam 1", "/dev/video1")};
  RTC_ASSERT_EQ(deviceNamed(DeviceKind::Camera, "cam 1", there).value().path, "/dev/video1");
}

RTC_TEST(an_unplugged_device_gives_way_to_the_next_best_and_is_returned_to) {
  auto cameras = choice({kFront, kBack});
  RTC_ASSERT_EQ(usedBy(cameras.now()), "/dev/video0");
  const auto away = cameras.changed({kBack});
  RTC_ASSERT(away.has_value());
  RTC_ASSERT_EQ(away->told, "“HD Webcam C270” (/dev/video0) is gone; going on with “Integrated Camera” (/dev/video2)");
  RTC_ASSERT(!cameras.changed({kBack}).has_value());
  // Plugged into another socket it has another node.
  const auto back = cameras.changed({kBack, camera("HD Webcam C270", "/dev/video4")});
  RTC_ASSERT(back.has_value());
  RTC_ASSERT_EQ(back->told, "“HD Webcam C270” (/dev/video4) is back");
}

RTC_TEST(without_any_device_the_test_picture_stands_in_until_one_comes) {
  auto cameras = choice({});
  RTC_ASSERT_EQ(cameras.now().told, "no camera found; the test picture is sent");
  RTC_ASSERT(!cameras.now().device.has_value());
  const auto came = cameras.changed({kBack});
  RTC_ASSERT(came.has_value());
  RTC_ASSERT_EQ(usedBy(*came), "/dev/video2");
  const auto gone = cameras.changed({});
  RTC_ASSERT(gone.has_value());
  RTC_ASSERT_EQ(gone->told, "“Integrated Camera” (/dev/video2) is gone; the test picture is sent");
  RTC_ASSERT(!cameras.changed({}).has_value());
  RTC_ASSERT_EQ(cameras.changed({kBack})->told, "“Integrated Camera” (/dev/video2) is back");
}

RTC_TEST(a_busy_device_is_named_with_what_to_do_and_not_tried_again_while_it_stays) {
  auto cameras = choice({kFront, kBack}, "c270");
  const auto busy = cameras.failed({DeviceFault::Kind::Busy, ""}, cameras.there());
  RTC_ASSERT_EQ(busy.told,
                "“HD Webcam C270” (/dev/video0) is in use by another program: close that one, or choose another with "
                "--camera; going on with “Integrated Camera” (/dev/video2)");
  RTC_ASSERT(!cameras.changed({kFront, kBack}).has_value());
  RTC_ASSERT(!cameras.changed({kBack}).has_value());
  RTC_ASSERT_EQ(usedBy(*cameras.changed({kFront, kBack})), "/dev/video0");
}

RTC_TEST(the_chosen_one_is_waited_for_while_it_is_away_and_not_when_it_has_failed) {
  auto cameras = choice({kFront, kBack});
  RTC_ASSERT(!cameras.waits());
  RTC_ASSERT(cameras.changed({kBack}).has_value());
  RTC_ASSERT(cameras.waits());
  // Another program has heard that it is back, and looks at it.
  auto looked_at = kFront;
  looked_at.obstacle = "in use by another program";
  looked_at.is_busy = true;
  RTC_ASSERT(!cameras.changed({looked_at, kBack}).has_value());
  RTC_ASSERT(cameras.waits());
  RTC_ASSERT_EQ(usedBy(*cameras.changed({kFront, kBack})), "/dev/video0");
  RTC_ASSERT(!cameras.waits());
  RTC_ASSERT_EQ(usedBy(cameras.failed({DeviceFault::Kind::Broken, "No more light."}, cameras.there())), "/dev/video2");
  RTC_ASSERT(!cameras.waits());
}

RTC_TEST(a_device_that_breaks_is_told_with_its_own_words) {
  auto cameras = choice({kFront});
  RTC_ASSERT_EQ(cameras.failed({DeviceFault::Kind::Broken, "No more light."}, cameras.there()).told,
                "“HD Webcam C270” (/dev/video0) does not work: No more light; the test picture is sent");
}

RTC_TEST(what_went_with_a_device_that_failed_is_not_tried) {
  const auto other = camera("HD Webcam C270", "/dev/video1");
  auto cameras = choice({kFront, other, kBack});
  RTC_ASSERT_EQ(cameras.failed({DeviceFault::Kind::Broken, "No such device"}, {kBack}).told,
                "“HD Webcam C270” (/dev/video0) is gone; going on with “Integrated Camera” (/dev/video2)");
  RTC_ASSERT_EQ(cameras.changed({kFront, other, kBack})->told, "“HD Webcam C270” (/dev/video0) is back");
}

RTC_TEST(a_device_that_may_not_be_opened_is_not_used_and_says_why) {
  auto closed = kFront;
  closed.obstacle = "the camera may not be opened";
  auto cameras = choice({closed});
  RTC_ASSERT_EQ(cameras.now().told, "the camera may not be opened; the test picture is sent");
  RTC_ASSERT_EQ(usedBy(choice({closed, kBack}).now()), "/dev/video2");
  RTC_ASSERT_EQ(DeviceChoice::make(DeviceKind::Camera, "c270", {closed}).error().message,
                "the camera may not be opened");
}

RTC_TEST(a_busy_default_gives_way_to_the_next_best_and_is_named) {
  auto busy = microphone("Headset");
  busy.is_default = busy.is_busy = true;
  busy.obstacle = busyInWords(busy);
  const std::vector<Device> there = {busy, microphone("Webcam")};
  for (const char* wish : {"", "headset"}) {
    const auto made = DeviceChoice::make(DeviceKind::Microphone, wish, there);
    RTC_ASSERT(made.ok());
    RTC_ASSERT_EQ(made.value().now().device->name, "Webcam");
    RTC_ASSERT_EQ(
        made.value().now().told,
        "“Headset” is in use by another program: close that one, or choose another with --microphone; going on "
        "with “Webcam”");
  }
}

RTC_TEST(what_this_program_has_open_itself_is_there_although_it_is_busy) {
  auto cameras = choice({kFront, kBack});
  auto used = kFront;
  used.is_busy = true;
  used.obstacle = busyInWords(used);
  RTC_ASSERT(!cameras.changed({used, kBack}).has_value());
  RTC_ASSERT(!cameras.changed({used}).has_value());
  RTC_ASSERT(cameras.changed({kBack}).has_value());
}

RTC_TEST(another_of_the_same_name_is_not_taken_for_the_chosen_one) {
  const std::vector<Device> twins = {camera("vivid", "/dev/video0"), camera("vivid", "/dev/video1")};
  auto cameras = choice(twins, "video0");
  RTC_ASSERT_EQ(cameras.changed({twins[1]})->told,
                "“vivid” (/dev/video0) is gone; going on with “vivid” (/dev/video1)");
  RTC_ASSERT_EQ(cameras.changed(twins)->told, "“vivid” (/dev/video0) is back");
}

namespace {

PictureMode raw(const std::string& format, int width, int height, std::vector<Fraction> rates) {
  return {"video/x-raw", format, {width, width}, {height, height}, std::move(rates)};
}

PictureMode jpeg(int width, int height, std::vector<Fraction> rates) {
  return {"image/jpeg", "JPEG", {width, width}, {height, height}, std::move(rates)};
}

std::string capsFor(const std::vector<PictureMode>& modes, PictureSize wanted) {
  const auto mode = captureModeFor(modes, wanted);
  return mode ? mode->caps() : "";
}

}  // namespace

RTC_TEST(a_camera_gives_the_wished_size_at_thirty_and_not_its_largest_at_two) {
  const std::vector<PictureMode> modes = {raw("YUY2", 3840, 2160, {{2, 1}}), raw("YUY2", 640, 480, {{30, 1}, {60, 1}}),
                                          raw("YUY2", 320, 240, {{30, 1}})};
  RTC_ASSERT_EQ(capsFor(modes, {640, 480}), "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1");
  RTC_ASSERT_EQ(capsFor(modes, {3840, 2160}), "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1");
  RTC_ASSERT_EQ(capsFor(modes, {160, 120}), "video/x-raw,format=YUY2,width=320,height=240,framerate=30/1");
}

RTC_TEST(jpeg_is_taken_where_raw_pictures_are_too_slow) {
  const std::vector<PictureMode> modes = {raw("YUY2", 640, 480, {{30, 1}}), raw("YUY2", 1280, 720, {{10, 1}}),
                                          jpeg(640, 480, {{30, 1}}), jpeg(1280, 720, {{30, 1}})};
  RTC_ASSERT_EQ(capsFor(modes, {1280, 720}), "image/jpeg,width=1280,height=720,framerate=30/1");
  RTC_ASSERT_EQ(capsFor(modes, {640, 480}), "video/x-raw,format=YUY2,width=640,height=480,framerate=30/1");
}

RTC_TEST(a_format_of_the_encoders_is_taken_before_others) {
  RTC_ASSERT_EQ(capsFor({raw("BGRA", 640, 480, {{30, 1}}), raw("YUY2", 640, 480, {{30, 1}}),
                         raw("I420", 640, 480, {{30, 1}}), jpeg(640, 480, {{30, 1}})},
                        {}),
                "video/x-raw,format=I420,width=640,height=480,framerate=30/1");
}

RTC_TEST(a_camera_of_any_size_is_set_to_the_wished_one) {
  RTC_ASSERT_EQ(capsFor({{"video/x-raw", "NV12", {32, 4096}, {32, 2160}, {{1, 1}, {30, 1}, {60, 1}}}}, {800, 600}),
                "video/x-raw,format=NV12,width=800,height=600,framerate=30/1");
  RTC_ASSERT(!captureModeFor({}, {}).has_value());
}

RTC_TEST(modes_are_listed_with_formats_that_can_do_the_same_in_one_line) {
  auto device = kFront;
  device.pictures = {raw("YUY2", 640, 480, {{15, 1}, {30, 1}}), raw("YUY2", 1280, 720, {{10, 1}}),
                     raw("NV12", 640, 480, {{15, 1}, {30, 1}}), raw("NV12", 1280, 720, {{10, 1}}),
                     jpeg(1280, 720, {{30000, 1001}})};
  RTC_ASSERT(modesInWords(device) ==
             (std::vector<std::string>{"YUY2, NV12: 640x480 (15, 30), 1280x720 (10)", "JPEG: 1280x720 (29.97)"}));
  auto sound = microphone("card");
  sound.sounds = {{{"S16LE", "S32LE"}, {44100, 192000}, {1, 1}}};
  RTC_ASSERT(modesInWords(sound) == (std::vector<std::string>{"S16LE, S32LE: 44100 to 192000 Hz, 1 channel"}));
}
