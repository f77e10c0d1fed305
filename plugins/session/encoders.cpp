// SPDX-License-Identifier: LGPL-2.1-or-later
#include "plugins/session/encoders.hpp"

#include <array>
#include <initializer_list>
#include <utility>

#include "plugins/core/words.hpp"
#include "plugins/session/elements.hpp"
#include "plugins/session/rtp_elements.hpp"

namespace rtc {

namespace {

constexpr const char* kBase = "gstreamer1.0-plugins-base";
constexpr const char* kGood = "gstreamer1.0-plugins-good";
constexpr const char* kBad = "gstreamer1.0-plugins-bad";
constexpr const char* kUgly = "gstreamer1.0-plugins-ugly";
constexpr const char* kLibav = "gstreamer1.0-libav";

/// In 4:2:0 a picture's sides are even; these encoders cut or refuse others.
constexpr const char* kEvenSides = "video/x-raw, width=(int)[2, 16384, 2], height=(int)[2, 16384, 2]";
constexpr const char* kConstrainedBaseline =
    "video/x-h264, profile=(string)constrained-baseline, stream-format=(string)byte-stream, alignment=(string)au";
constexpr const char* kTemporalUnits = "video/x-av1, stream-format=(string)obu-stream, alignment=(string)tu";

// libvpx in real time: a frame may take as long as a frame lasts and no longer (`deadline` is not a deadline but the
// name of a mode below a bound), nothing is held back for a look ahead, and the rate holds within 200 ms. One
// thread: at these sizes a second one spins more than it encodes. Key frames are sent when a peer needs one, so none
// comes by itself for minutes.
constexpr const char* kVpx =
    "deadline=1 threads=1 lag-in-frames=0 keyframe-max-dist=3000 buffer-size=200 buffer-initial-size=100 "
    "buffer-optimal-size=150 static-threshold=100 min-quantizer=4 max-quantizer=56 end-usage=cbr";

// Left to itself (`cpu-used` above 0), libvpx makes a VP8 frame as slowly as half a processor allows; it costs two
// thirds more than this one, and gives half a decibel (docs/performance.md).
constexpr EncoderSpeeds kVp8Speeds{"cpu-used", true, 6, 16};
constexpr EncoderSpeeds kVp9Speeds{"cpu-used", false, 8, 8};

// The order counts among encoders of the same rank.
constexpr std::array<Encoder, 12> kEncoders = {{
    {.codec = core::Codec::Vp8,
     .factory = "vp8enc",
     .package = kGood,
     .settings = kVpx,
     .bitrate = "target-bitrate",
     .speeds = kVp8Speeds},
    {.codec = core::Codec::Vp9,
     .factory = "vp9enc",
     .package = kGood,
     .settings = kVpx,
     .bitrate = "target-bitrate",
     .speeds = kVp9Speeds},
    {core::Codec::Vp9, "vavp9enc", kBad, "rate-control=cbr target-usage=7 key-int-max=1024", "bitrate", 1'000},
    {core::Codec::H264, "vah264enc", kBad,
     "rate-control=cbr target-usage=7 b-frames=0 ref-frames=1 key-int-max=1024 cabac=false dct8x8=false", "bitrate",
     1'000, kEvenSides, kConstrainedBaseline},
    {core::Codec::H264, "vah264lpenc", kBad,
     "rate-control=cbr target-usage=7 b-frames=0 ref-frames=1 key-int-max=1024 cabac=false dct8x8=false", "bitrate",
     1'000, kEvenSides, kConstrainedBaseline},
    {core::Codec::H264, "v4l2h264enc", kGood, "", "extra-controls/video_bitrate", 1, kEvenSides, kConstrainedBaseline},
    {core::Codec::H264, "x264enc", kUgly,
     "tune=zerolatency speed-preset=superfast bframes=0 key-int-max=3000 vbv-buf-capacity=200 threads=1", "bitrate",
     1'000, kEvenSides, kConstrainedBaseline},
    {core::Codec::H264, "openh264enc", kBad,
     "usage-type=camera complexity=low rate-control=bitrate gop-size=3000 multi-thread=1 scene-change-detection=false "
     "background-detection=false adaptive-quantization=false",
     "bitrate", 1, kEvenSides, kConstrainedBaseline},
    {core::Codec::Av1, "vaav1enc", kBad, "rate-control=cbr target-usage=7 key-int-max=1024", "bitrate", 1'000,
     kEvenSides, kTemporalUnits},
    {core::Codec::Av1, "svtav1enc", kBad,
     "preset=12 intra-period-length=-1 parameters-string=pred-struct=1:rc=2:lookahead=0", "target-bitrate", 1'000,
     kEvenSides, kTemporalUnits},
    {core::Codec::Av1, "av1enc", kBad,
     "usage-profile=realtime cpu-used=10 end-usage=cbr lag-in-frames=0 keyframe-max-dist=3000 threads=2 row-mt=true "
     "min-quantizer=8 max-quantizer=56 buf-sz=200 buf-initial-sz=100 buf-optimal-sz=150",
     "target-bitrate", 1'000, nullptr, kTemporalUnits},
    // Forward error correction in band costs little and hides single losses (RFC 6716 section 2.1.7).
    {core::Codec::Opus, "opusenc", kBase, "inband-fec=true frame-size=20", "bitrate", 1,
     "audio/x-raw, channels=(int)[1, 2]", nullptr, "packet-loss-percentage"},
}};

struct Decoder {
  core::Codec codec = core::Codec::Vp8;
  const char* factory = nullptr;
  const char* package = nullptr;
  const char* settings = "";
};

constexpr std::array<Decoder, 8> kDecoders = {{
    {core::Codec::Vp8, "vp8dec", kGood},
    {core::Codec::Vp9, "vp9dec", kGood},
    {core::Codec::Vp9, "avdec_vp9", kLibav, "max-threads=1"},
    // Several threads would each hold a frame back.
    {core::Codec::H264, "avdec_h264", kLibav, "max-threads=1"},
    {core::Codec::H264, "openh264dec", kBad},
    {core::Codec::Av1, "dav1ddec", "gstreamer1.0-plugins-rs", "max-frame-delay=1"},
    {core::Codec::Av1, "av1dec", kBad},
    {core::Codec::Opus, "opusdec", kBase, "use-inband-fec=true plc=true"},
}};

template <typename Table>
auto bestOf(const Table& table, core::Codec codec) -> decltype(table.data()) {
  decltype(table.data()) best = nullptr;
  guint best_rank = 0;
  for (const auto& row : table) {
    if (row.codec != codec || row.factory == nullptr) continue;
    const auto factory = adopt(GST_PLUGIN_FEATURE(gst_element_factory_find(row.factory)));
    if (!factory) continue;
    const auto rank = gst_plugin_feature_get_rank(factory.get());
    if (best != nullptr && rank <= best_rank) continue;
    best = &row;
    best_rank = rank;
  }
  return best;
}

/// The packages of Debian 12 that have one; what only a later release has is no advice.
template <typename Table>
std::string missing(const Table& table, core::Codec codec, const char* what) {
  std::string known;
  for (const auto& row : table) {
    if (row.codec != codec || row.factory == nullptr || std::string_view(row.factory).starts_with("va") ||
        std::string_view(row.factory).starts_with("v4l2")) {
      continue;
    }
    if (!known.empty()) known += " or ";
    known += std::string(row.factory) + " (Debian package " + row.package + ")";
  }
  return std::string("GStreamer lacks ") + what + " for " + std::string(core::word(codec)) + ": install " + known +
         " and try again.";
}

void apply(GstElement* element, const char* settings) {
  for (const auto setting : core::split(settings, ' ')) {
    const auto equals = setting.find('=');
    setIfThere(element, std::string(setting.substr(0, equals)).c_str(),
               std::string(setting.substr(equals + 1)).c_str());
  }
}

int valueOf(const EncoderSpeeds& speeds, int speed) {
  return speeds.negative ? -speed : speed;
}

int valueNow(GstElement* element, const EncoderSpeeds& speeds) {
  int value = 0;
  g_object_get(element, speeds.property, &value, nullptr);
  return value;
}

void setSpeed(GstElement* element, const EncoderSpeeds& speeds, int speed) {
  g_object_set(element, speeds.property, valueOf(speeds, speed), nullptr);
}

}  // namespace

const Encoder* encoderFor(core::Codec codec) {
  return bestOf(kEncoders, codec);
}

std::string missingEncoder(core::Codec codec) {
  return missing(kEncoders, codec, "an encoder");
}

GstElement* addEncoder(GstBin* bin, const Encoder& encoder, guint bitrate) {
  auto* element = addElement(bin, encoder.factory);
  if (element == nullptr) return nullptr;
  apply(element, encoder.settings);
  if (encoder.speeds) setSpeed(element, *encoder.speeds, encoder.speeds->usual);
  setBitrate(element, encoder, bitrate);
  return element;
}

void setBitrate(GstElement* element, const Encoder& encoder, guint bitrate) {
  const auto value = std::to_string(bitrate / encoder.unit);
  const std::string_view property = encoder.bitrate;
  const auto slash = property.find('/');
  if (slash == std::string_view::npos) {
    setIfThere(element, encoder.bitrate, value.c_str());
    return;
  }
  const auto field = std::string(property.substr(slash + 1));
  setIfThere(element, std::string(property.substr(0, slash)).c_str(), ("controls," + field + "=" + value).c_str());
}

void changeSpeed(GstElement* element, const Encoder& encoder, int before, int speed) {
  if (encoder.speeds && valueOf(*encoder.speeds, before) == valueNow(element, *encoder.speeds)) {
    setSpeed(element, *encoder.speeds, speed);
  }
}

void setExpectedLoss(GstElement* element, const Encoder& encoder, guint percent) {
  if (encoder.loss != nullptr) setIfThere(element, encoder.loss, std::to_string(percent).c_str());
}

const char* decoderFor(core::Codec codec) {
  const auto* decoder = bestOf(kDecoders, codec);
  return decoder != nullptr ? decoder->factory : nullptr;
}

std::string missingDecoder(core::Codec codec) {
  return missing(kDecoders, codec, "a decoder");
}

GstElement* addDecoder(GstBin* bin, core::Codec codec) {
  const auto* decoder = bestOf(kDecoders, codec);
  auto* element = decoder != nullptr ? addElement(bin, decoder->factory) : nullptr;
  if (element == nullptr) return nullptr;
  apply(element, decoder->settings);
  // However broken what comes is, the next key frame may be whole.
  setIfThere(element, "max-errors", "-1");
  setIfThere(element, "automatic-request-sync-points", "true");
  return element;
}

bool isComplete(core::Codec codec) {
  const auto& rtp = rtpElements(codec);
  const auto installed = [](const char* factory) {
    return adopt(GST_PLUGIN_FEATURE(gst_element_factory_find(factory))) != nullptr;
  };
  return encoderFor(codec) != nullptr && decoderFor(codec) != nullptr && installed(rtp.payloader) &&
         installed(rtp.depayloader);
}

}  // namespace rtc
