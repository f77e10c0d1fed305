#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each further watcher costs a sender that encodes once: ./dev bench fan_out [--watchers 1,8,16,32] [--seconds 8] [--rounds 3]

One gst-launch-1.0 sends a picture of 640x480 at 30 frames/s, VP8 at 1 Mbit/s, and Opus. The watchers are sessions of one other
process that decode nothing. Beside it, in turns, a program that gives the same to bare webrtcbins: an encoder, a tee, and a queue before
each. CPU is user and system time of the sender's process over the seconds; memory and threads are the sender's at their end. The price
of a further watcher is the difference to one watcher, divided by how many more there are.
"""

import argparse
import time

from file_clients import BUILD
from processes import Process, launch, service
from setup import spread, table

GOALS = {"cores": 0.006, "MiB": 1.5, "threads": 8}
STAGE = (
    "videotestsrc is-live=true ! video/x-raw,width=640,height=480,framerate=30/1 ! out.video_0",
    "audiotestsrc is-live=true ! out.audio_0 rtcsignalsink name=out user=stage",
)


def cost(sender, seconds):
    time.sleep(3)  # key frames for all, and the last of what only a beginning costs
    before, since = sender.cpu(), time.monotonic()
    time.sleep(seconds)
    cores = (sender.cpu() - before) / (time.monotonic() - since)
    return {"cores": cores, "MiB": sender.memory(), "threads": sender.threads()}


def ours(watchers, seconds):
    signald, server = service()
    stage = launch(server, *STAGE)
    try:
        stage.wait_for(r"rtc-session.*state=\(string\)online")
        seats = (f"rtcsignalsrc session=s{i} user=seat{i} peer=stage output=encoded" for i in range(watchers))
        house = launch(server, *seats)
        try:
            stage.wait_for(r"rtc-call.*state=\(string\)connected", watchers)
            price = cost(stage, seconds)
            stage.forget()
            counted = [int(m[1]) for m in stage.wait_for(r"rtc-stats.*encoders=\(uint\)(\d+)", watchers)]
            house.forget()
            rates = [float(m[1]) for m in house.wait_for(r"rtc-stats.*video-in-fps=\(double\)([\d.]+)", watchers)]
            return {**price, "encoders": max(counted), "slowest watcher, frames/s": min(rates)}
        finally:
            house.stop()
    finally:
        stage.stop()
        signald.stop()


def bare(watchers, seconds):
    stage = Process(str(BUILD / "bench" / "bare_fan_out"), str(watchers))
    try:
        stage.wait_for("connected")
        price = cost(stage, seconds)
        stage.forget()
        first, last = (int(m[1]) for m in stage.wait_for(r"slowest (\d+)", 2))
        return {**price, "slowest watcher, packets/s": last - first}
    finally:
        stage.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--watchers", default="1,8,16,32")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    counts = sorted(int(count) for count in options.watchers.split(","))
    prices = {ours: [], bare: []}
    for number in range(options.rounds):
        for measure in (ours, bare) if number % 2 == 0 else (bare, ours):
            results = {}
            for watchers in counts:
                results[watchers] = measure(watchers, options.seconds)
                shown = ", ".join(f"{value:.3f} {name}" for name, value in results[watchers].items())
                print(f"{measure.__name__:5} {watchers:3} watchers: {shown}", flush=True)
            least, most = counts[0], counts[-1]
            if most > least:
                prices[measure].append({name: (results[most][name] - results[least][name]) / (most - least) for name in GOALS})
    if prices[ours]:
        print("\neach further watcher, min / median / max; the goals are " + ", ".join(f"{goal} {name}" for name, goal in GOALS.items()))
        rows = {measure.__name__: {name: spread([each[name] for each in found]) for name in GOALS} for measure, found in prices.items()}
        table(rows, {name: name for name in GOALS}, dict.fromkeys(GOALS, 4))


if __name__ == "__main__":
    main()
