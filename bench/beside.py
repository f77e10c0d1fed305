#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a file does to the call beside it: the same call with a test picture over a path of 5 Mbit/s and 40 ms there and back, alone, with a
file that is sent in the call, and with an upload over TCP. A packet of our own each 20 ms tells the path's delay and loss
(peers/path_probe.py); pictures are those that the callee counts; the first seconds are left out.
"""

import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "network"))

import relayed_path  # noqa: E402
from file_clients import BUILD, Service, start  # noqa: E402
from file_storm import Program  # noqa: E402

SETTLING = 4  # seconds from the connection, or from the file's first byte
MBIT, ROUND_TRIP = 5, 40


def wait(until, what, seconds=60):
    end = time.monotonic() + seconds
    while not until():
        if time.monotonic() > end:
            raise RuntimeError(f"waited too long for {what}")
        time.sleep(0.02)


def last(program, event, field):
    return next((each[field] for each in reversed(list(program.events)) if each.get("event") == event and field in each), 0)


class Call:
    """Alice calls Bob."""

    def __init__(self, path, server, folder, *more):
        common = ["--server", server, "--json", "--no-display", "--audio", "none", "--video", "test"]
        shutil.rmtree(folder / "in", ignore_errors=True)
        (folder / "in").mkdir()
        self.bob = Program(path.at("b", ["rtc-call", "answer", "--user", "bob", "--receive", str(folder / "in"), *common]))
        wait(lambda: self.bob.said(event="session", state="online"), "bob's login")
        self.alice = Program(path.at("a", ["rtc-call", "dial", "bob", "--user", "alice", *more, *common]))
        wait(lambda: last(self.bob, "stats", "video-in-frames") > 30, "the picture")

    def end(self):
        for program in (self.alice, self.bob):
            program.kill(signal.SIGINT)
            wait(lambda program=program: program.status() is not None, "the call's end")


def measure(path, call, seconds):
    """Delay and loss of our own packets, and the pictures and the file's bytes meanwhile."""
    frames, stored, begun = last(call.bob, "stats", "video-in-frames"), last(call.alice, "file", "bytes"), time.monotonic()
    program = [sys.executable, HERE / "peers" / "path_probe.py"]
    answers = start(path, "b", *program, "answer", path.address("b"))
    port = answers.stdout.readline().strip()
    asks = start(path, "a", *program, "ask", path.address("b"), port, seconds)
    delays = json.loads(asks.stdout.readline())
    asks.wait()
    answers.kill()
    answers.wait()
    took = time.monotonic() - begun
    come = [delay for delay in delays if delay >= 0]
    lost = [100 * each["loss-in"] for each in call.bob.events if each.get("event") == "stats" and "loss-in" in each]
    return {
        "p50": statistics.median(come),
        "p95": statistics.quantiles(come, n=20)[-1],
        "lost": 100 * (1 - len(come) / len(delays)),
        "picture lost": statistics.mean(lost[-int(seconds):] or [0]),
        "fps": (last(call.bob, "stats", "video-in-frames") - frames) / took,
        "MB/s": (last(call.alice, "file", "bytes") - stored) / took / 1e6,
    }  # fmt: skip


def beside(what, path, server, folder, seconds):
    call = Call(path, server, folder, *(["--send", str(folder / "file")] if what == "with a file" else []))
    try:
        if what == "with a file":
            wait(lambda: last(call.alice, "file", "bytes") > 0, "the file's first bytes")
        if what != "beside TCP":
            time.sleep(SETTLING)
            return measure(path, call, seconds)
        program = [sys.executable, HERE / "peers" / "tcp_file.py"]
        taker = start(path, "b", *program, "take", path.address("b"), folder / "copy")
        giver = start(path, "a", *program, "give", path.address("b"), taker.stdout.readline().strip(), folder / "file")
        time.sleep(SETTLING)
        before = (folder / "copy").stat().st_size
        row = measure(path, call, seconds)
        row["MB/s"] = ((folder / "copy").stat().st_size - before) / seconds / 1e6
        for program in (giver, taker):
            program.kill()
            program.wait()
        return row
    finally:
        call.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--cases", nargs="+", default=["alone", "with a file", "beside TCP"])
    options = parser.parse_args()
    relayed_path.isolate("RTC_BENCH_ISOLATED")
    path = relayed_path.RelayedPath(BUILD / "bench" / "path_relay", ROUND_TRIP, 0, MBIT)
    rows = {what: [] for what in options.cases}
    with Service(path) as server, tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "file").write_bytes(os.urandom(60_000_000))
        for number in range(options.rounds):
            for what, all_of_it in rows.items():
                all_of_it.append(beside(what, path, server, folder, options.seconds))
                words = ", ".join(f"{key} {value:.2f}" for key, value in all_of_it[-1].items())
                print(f"round {number + 1}, {what}: {words}", file=sys.stderr, flush=True)
    path.stop()
    keys = list(next(iter(rows.values()))[0])
    print(f"{'min / median / max':14}" + "".join(f"{key:>24}" for key in keys))
    for what, all_of_it in rows.items():
        cells = [[row[key] for row in all_of_it] for key in keys]
        print(f"{what:18}" + "".join(f"{min(cell):>10.1f} / {statistics.median(cell):.1f} / {max(cell):.1f}" for cell in cells))


if __name__ == "__main__":
    main()
