#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whether calls leave anything behind: ./dev bench endurance calls [--count 500] | call [--minutes 30]

calls   One process takes call after call, ten at a time, each of which ends once its picture came. Every fifty it prints the
        process's memory, threads and descriptors while nobody calls.
call    One two-way call. Every minute it prints the same of both processes. The picture is small and slow, so that it may run
        beside other work: what counts is whether the numbers grow.
"""

import argparse
import time

from processes import launch, service

PICTURE = "videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=5/1 ! out.video_0"
TONE = "audiotestsrc is-live=true ! out.audio_0"
AT_ONCE = 10


def cost(process):
    return f"{process.memory():7.1f} MiB {process.threads():4} threads {process.descriptors():4} descriptors"


def calls(options):
    signald, server = service()
    stage = launch(server, PICTURE, TONE, "rtcsignalsink name=out user=stage")
    try:
        stage.wait_for(r"rtc-session.*state=\(string\)online")
        print(f"{0:5} calls: {cost(stage)}", flush=True)
        for done in range(AT_ONCE, options.count + 1, AT_ONCE):
            seats = (f"rtcsignalsrc session=s{i} user=seat{i} peer=stage output=encoded" for i in range(AT_ONCE))
            house = launch(server, *seats)
            house.wait_for(r"rtc-stream.*kind=\(string\)video", AT_ONCE)
            house.stop()
            stage.wait_for(r"rtc-call.*state=\(string\)ended", AT_ONCE)
            if done % 50 == 0:
                time.sleep(1)  # the last farewell is over
                print(f"{done:5} calls: {cost(stage)}", flush=True)
    finally:
        stage.stop()
        signald.stop()


def call(options):
    signald, server = service()
    party = (PICTURE, TONE, "rtcsignalsrc name=in in.video_0 ! fakesink in.audio_0 ! fakesink rtcsignalsink name=out")
    callee = launch(server, *party, "user=callee")
    try:
        callee.wait_for(r"rtc-session.*state=\(string\)online")
        caller = launch(server, *party, "user=caller peer=callee")
        try:
            caller.wait_for(r"rtc-call.*state=\(string\)connected")
            for minute in range(options.minutes + 1):
                caller.forget()
                callee.forget()
                stats = caller.wait_for(r"rtc-stats.*video-in-decoded=\(guint64\)(\d+)|rtc-call.*ended")[0]
                print(f"{minute:3} min: caller {cost(caller)}; callee {cost(callee)}; {stats[1]} frames", flush=True)
                time.sleep(60 if minute < options.minutes else 0)
        finally:
            caller.stop()
    finally:
        callee.stop()
        signald.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("calls", "call"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--minutes", type=int, default=30)
    options = parser.parse_args()
    {"calls": calls, "call": call}[options.what](options)


if __name__ == "__main__":
    main()
