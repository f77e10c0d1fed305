// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What every measured call carries, so that a ratio compares the machinery and not the picture.
#pragma once

namespace rtc::bench {

/// Test bars with a field of snow, which gives a fixed-rate encoder work at every frame. What leaves `camera` may be
/// numbered.
inline constexpr const char* kPicture =
    "videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=640,height=480,framerate=30/1"
    " ! identity name=camera";
inline constexpr const char* kTone =
    "audiotestsrc is-live=true samplesperbuffer=480 ! audio/x-raw,rate=48000,channels=2";

/// What the bare pair's jitter buffers wait, in ms, where pictures are shown in time; rtcsignalsrc finds out for
/// itself.
inline constexpr unsigned kLatency = 60;

/// What rtcsignalsink tells its encoders (plugins/session/encoders.cpp), so that the bare pair's do the same work.
inline constexpr const char* kVideoEncoder =
    "vp8enc deadline=1 cpu-used=-6 threads=1 lag-in-frames=0 end-usage=cbr target-bitrate=1000000 keyframe-max-dist=3000 "
    "buffer-size=200 buffer-initial-size=100 buffer-optimal-size=150 static-threshold=100 "
    "min-quantizer=4 max-quantizer=56";
inline constexpr const char* kAudioEncoder =
    "opusenc bitrate=48000 inband-fec=true packet-loss-percentage=5 frame-size=20";

}  // namespace rtc::bench
