#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each further watcher costs a sender that encodes once: ./dev bench fan_out [--watchers 1,8,16,32] [--seconds 8]

One gst-launch-1.0 sends a picture of 640x480 at 30 frames/s, VP8 at 1 Mbit/s, and Opus. The watchers are sessions of one other
process that decode nothing. CPU is user and system time of the sender's process over the seconds; memory and threads are the
sender's at their end. The price of a further watcher is the difference to one watcher, divided by how many more there are.
"""

import argparse
import time

from processes import launch, service

GOALS = {"cores": 0.006, "MiB": 1.5, "threads": 8}
STAGE = (
    "videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=30/1 ! out.video_0",
    "audiotestsrc is-live=true ! out.audio_0 rtcsignalsink name=out user=stage",
)


def measure(watchers, seconds):
    signald, server = service()
    stage = launch(server, *STAGE)
    try:
        stage.wait_for(r"rtc-session.*state=\(string\)online")
        seats = (f"rtcsignalsrc session=s{i} user=seat{i} peer=stage output=encoded" for i in range(watchers))
        house = launch(server, *seats)
        try:
            stage.wait_for(r"rtc-call.*state=\(string\)connected", watchers)
            time.sleep(3)  # key frames for all, and the last of what only a beginning costs
            before, since = stage.cpu(), time.monotonic()
            time.sleep(seconds)
            cores = (stage.cpu() - before) / (time.monotonic() - since)
            stage.forget()
            counted = [int(m[1]) for m in stage.wait_for(r"rtc-stats.*encoders=\(uint\)(\d+)", watchers)]
            house.forget()
            rates = [float(m[1]) for m in house.wait_for(r"rtc-stats.*video-in-fps=\(double\)([\d.]+)", watchers)]
            return {
                "cores": cores,
                "MiB": stage.memory(),
                "threads": stage.threads(),
                "encoders": max(counted),
                "slowest watcher, frames/s": min(rates),
            }
        finally:
            house.stop()
    finally:
        stage.stop()
        signald.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchers", default="1,8,16,32")
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    results = {}
    for watchers in (int(count) for count in options.watchers.split(",")):
        results[watchers] = measure(watchers, options.seconds)
        shown = ", ".join(f"{value:.3f} {name}" for name, value in results[watchers].items())
        print(f"{watchers:3} watchers: {shown}", flush=True)
    least, most = min(results), max(results)
    for name, goal in GOALS.items() if most > least else ():
        price = (results[most][name] - results[least][name]) / (most - least)
        print(f"each further watcher: {price:.4f} {name}; the goal is {goal} or less")


if __name__ == "__main__":
    main()
