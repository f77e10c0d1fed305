#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""An hour of all that a day brings, at half of what the machine can do: does rtc-signald grow, and does anything go wrong?

One process is all of the users (peers/signaling_soak.cpp): they log in and out, watch each other, call, decline, cancel, miss
calls, talk, lose their connections in mid-talk and resume; one of them at a time reads nothing. First the calls follow each
other without a pause, which gives the limit; then, at a fresh service, they begin at a share of that rate. The service's memory
is read each minute. Whatever was not as it should be is counted: an error, a word that was lost or came twice, a call that ended
otherwise than it should or not at all, a connection that was closed, a return that was not resumed.

Ends with the slope of the memory, and fails if anything went wrong. The slope is the median of those between any two minutes
(Theil and Sen), without the first sixth, in which pools fill: a minute in which a slow reader's queue is caught counts little.
"""

import argparse
import itertools
import json
import pathlib
import statistics
import sys
import time

from setup import Program
from signaling import BUILD, WIDE, rss

HERE = pathlib.Path(__file__).resolve().parent
SERVER = ["rtc-signald", "--port", "0"]
# Of one address; the limits of each user and connection are as they are by default.
for name in ("max-connections", "max-connections-per-address", "accept-rate", "accept-burst"):
    SERVER += [f"--{name}", WIDE]
# To find the limit, users call as often as they can.
FASTER = [f"--{name}={WIDE}" for name in ("call-rate", "call-burst", "message-rate", "message-burst", "frame-rate", "frame-burst")]


class Soak:
    """A fresh service with its users."""

    def __init__(self, options, hold_ms, more=()):
        self.server = Program([*SERVER, *more])
        self.load = None
        try:
            port = self.server.line().rsplit(":", 1)[1].strip()
            self.load = Program([str(BUILD / "bench" / "signaling_soak"), port, str(options.users), str(hold_ms)])
            self.load.event("ready")
        except BaseException:
            self.__exit__()
            raise

    def report(self):
        self.load.seen.pop("report", None)
        self.load.tell("report")
        return self.load.event("report")

    def cpu(self):
        return self.server.cpu(), self.load.cpu()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in (self.load, self.server):
            if program:
                program.process.kill()
                program.process.wait()


def limit(options):
    """Calls a second, 500 at once, and what one costs the service."""
    with Soak(options, 0, FASTER) as soak:
        soak.load.tell("window 500")
        time.sleep(3)
        soak.report()
        began, cpu = time.monotonic(), soak.cpu()
        time.sleep(options.limit_seconds)
        report, took = soak.report(), time.monotonic() - began
        spent = soak.cpu()[0] - cpu[0]
        calls = report["done"].get("calls", 0)
        print(f"limit: {calls / took:.0f} calls/s; the service {spent / calls * 1e6:.0f} us a call, {spent / took:.2f} cores")
        return calls / took


def slope(points):
    """KiB a minute through (minute, KiB)."""
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in itertools.combinations(points, 2)]
    return statistics.median(slopes) if slopes else 0.0


def soak(options, rate):
    memory, total, wrong = [], {}, {}
    with Soak(options, options.hold) as run:
        run.load.tell(f"rate {rate}")
        print(f"soak: {rate:.1f} calls/s of {options.hold} ms, {options.users} users, {options.minutes:g} minutes")
        print("minute    KiB  calls  words  logins  resumes  presence  missed  slow closed  slowest ms  service  load  wrong")
        start, cpu = time.monotonic(), run.cpu()
        for minute in range(1, max(1, round(options.minutes * 60 / options.every)) + 1):
            time.sleep(max(0.0, start + minute * options.every - time.monotonic()))
            report, now = run.report(), run.cpu()
            done, wrong = report["done"], report["wrong"]
            for name, count in done.items():
                total[name] = total.get(name, 0) + count
            memory.append((minute * options.every / 60, rss(run.server.process.pid)))
            columns = [done.get(n, 0) for n in ("calls", "words", "logins", "resumes", "presence", "missed")]
            cores = [(now[i] - cpu[i]) / options.every for i in (0, 1)]
            cpu = now
            print(
                "{:6.1f} {:6} {:6} {:6} {:7} {:8} {:9} {:7} {:12} {:11.1f} {:8.2f} {:5.2f}  {}".format(
                    *memory[-1], *columns, done.get("slow_readers_closed", 0), report["slowest_ms"], *cores, wrong or "-"
                ),
                flush=True,
            )
        run.load.tell("rate 0")
        time.sleep(options.hold / 1000 + 5)
        last = run.report()
        wrong = last["wrong"]
        if last["calls_now"]:
            wrong["calls_that_did_not_end"] = last["calls_now"]
    settled = memory[len(memory) // 6 :]
    return {"rate": rate, "slope_kib_per_minute": round(slope(settled), 2), "first_kib": settled[0][1],
            "last_kib": settled[-1][1], "done": total, "wrong": wrong, "memory": memory}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="rtc-signald under a long mixed load.")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=60, help="seconds between two looks at the memory")
    parser.add_argument("--users", type=int, default=2000)
    parser.add_argument("--hold", type=int, default=4000, help="milliseconds of a talk")
    parser.add_argument("--share", type=float, default=0.5, help="of the limit that is measured first")
    parser.add_argument("--rate", type=float, help="calls a second, whatever the limit is")
    parser.add_argument("--limit-seconds", type=float, default=10)
    options = parser.parse_args()
    found = limit(options)
    result = soak(options, options.rate or options.share * found)
    result["limit"] = round(found, 1)
    print(f"memory: {result['slope_kib_per_minute']} KiB/min, {result['first_kib']} to {result['last_kib']} KiB")
    print(f"done: {result['done']}\nwrong: {result['wrong'] or 'nothing'}")
    print(json.dumps(result))
    sys.exit(1 if result["wrong"] else 0)


if __name__ == "__main__":
    main()
