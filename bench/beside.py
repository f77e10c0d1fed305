#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a file does to the call beside it: the same call with a test picture, alone and with a file that is sent in the middle of it,
over a path of 5 Mbit/s and 40 ms there and back. Pictures and delay are those that the callee counts, without the first seconds;
lost is the part of the sent pictures that did not come; the rate is the file's.
"""

import argparse
import os
import pathlib
import signal
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "network"))

import relayed_path  # noqa: E402
from file_clients import BUILD, Service  # noqa: E402
from file_storm import Program  # noqa: E402

def call(path, server, folder, seconds, *more):
    common = ["--server", server, "--json", "--no-display", "--audio", "none", "--video", "test"]
    (folder / "in").mkdir(exist_ok=True)
    bob = Program(path.at("b", ["rtc-call", "answer", "--user", "bob", "--receive", str(folder / "in"), *common]))
    wait(lambda: bob.said(event="session", state="online"))
    alice = Program(path.at("a", ["rtc-call", "dial", "bob", "--user", "alice", "--duration", str(seconds), *more, *common]))
    wait(lambda: alice.status() is not None, seconds + 60)
    bob.kill(signal.SIGINT)
    wait(lambda: bob.status() is not None)
    seen, sent = ([event for event in program.events if event.get("event") == "stats"][4:-1] for program in (bob, alice))
    files = [event for event in alice.events if event.get("event") == "file" and event.get("bytes")]
    return seen, sent, files


def wait(until, seconds=60):
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    relayed_path.isolate("RTC_BENCH_ISOLATED")
    path = relayed_path.RelayedPath(BUILD / "bench" / "path_relay", 40, 0, 5)
    rows = {"alone": [], "with a file": []}
    with Service(path) as server, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "file").write_bytes(os.urandom(40_000_000))
        for number in range(options.rounds):
            for what in rows:
                more = ["--send", str(folder / "file")] if what == "with a file" else []
                seen, sent, files = call(path, server, folder, options.seconds, *more)
                gone = sent[-1]["video-out-frames"] - sent[0]["video-out-frames"]
                come = seen[-1]["video-in-frames"] - seen[0]["video-in-frames"]
                row = {"fps": statistics.mean(each["video-in-fps"] for each in seen),
                       "lost": 100 * max(0, 1 - come / gone * (len(sent) - 1) / (len(seen) - 1)),
                       "round trip": statistics.median(each["round-trip"] for each in seen),
                       "most": max(each["round-trip"] for each in seen),
                       "file": files[-1]["bytes"] / options.seconds / 1e6 if files else 0}  # fmt: skip
                print(f"round {number + 1}, {what}: {row}", file=sys.stderr, flush=True)
                rows[what].append(row)
    path.stop()
    print(f"{'':14}{'frames/s':>12}{'lost %':>14}{'round trip ms':>15}{'longest':>9}{'file MB/s':>11}")
    for what, all_of_it in rows.items():
        middle = {key: statistics.median(row[key] for row in all_of_it) for key in all_of_it[0]}
        print(f"{what:14}{middle['fps']:12.1f}{middle['lost']:14.1f}{middle['round trip']:15.0f}{middle['most']:9.0f}{middle['file']:11.2f}")


if __name__ == "__main__":
    main()
