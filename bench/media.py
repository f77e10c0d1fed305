#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a call's picture costs, how late it is and how much of it is missing: ours, a bare webrtcbin pair with the same
encoder and a jitter buffer of 60 ms, and libwebrtc, interleaved in one run, on a clean path and on one with jitter and loss.

Every call is two processes, each with camera and screen, in network namespaces of their own. Every picture carries its number
(bench/peers/numbered_picture.hpp): what leaves the camera and what is rendered is written down with the machine's monotonic
clock, and after the call the two lists are laid side by side. All screens render in time: GStreamer's as its windows do (what is 5 ms
late is dropped), libwebrtc's after its own pacing. What counts begins two seconds after both parties are connected:

  connected  from the dial to the later party's "connected", ms
  latency    from a picture's leaving the camera to its rendering, both ways, ms: half of the pictures (p50), 95 of 100 (p95)
  missing    pictures that were never rendered, in 100
  frozen     the time in gaps of more than 150 ms above a picture's own, in 100
  CPU        user and system time of both processes, in cores
  memory     what both processes grew by from their rest before the call, MiB

Pictures are 640x480 at 30/s, VP8 at 1 Mbit/s, with Opus beside them. libwebrtc runs with a cap of 1 Mbit/s, as most applications
use it, and told to start at 1 Mbit/s and stay there ("fixed"). `--stacks ours-redundant` are ours with redundancy (`fec-percentage=50`).
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import setup
from files import Loopback, relayed_path

SETTLE = 2.0  # seconds after "connected"
FRAME = 1e6 / 30
PATHS = {"clean": None, "bad": {"round_trip": 40, "loss": 1, "mbit": 100, "jitter": 30}}
COLUMNS = {
    "connected": ("connected ms", 0), "p50": ("latency p50 ms", 1), "p95": ("p95 ms", 1), "missing": ("missing %", 2),
    "frozen": ("frozen %", 2), "cpu": ("CPU cores", 3), "memory": ("memory MiB", 1),
}  # fmt: skip
# Of what may be none, a difference says more than a ratio.
RATIOS = ("connected", "p50", "p95", "cpu", "memory")
DIFFERENCES = ("p50", "p95", "missing", "frozen")


def memory(party):
    """MiB that the process holds."""
    status = pathlib.Path(f"/proc/{party.process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def one_way(sender, receiver, begin, end):
    """Latencies in ms, the part that is missing and the part that is frozen, of what was sent between two moments."""
    sent = {number: at for number, at in sender["sent"] if begin <= at <= end}
    shown = {}
    for number, at in receiver["shown"]:
        if number in sent:
            shown.setdefault(number, at)
    if not shown:
        return [], 1.0, 1.0
    # The last ones may still be on their way.
    wanted = [number for number in sent if number <= max(shown)]
    times = sorted(shown.values())
    gaps = [after - before for before, after in zip(times, times[1:])]
    frozen = sum(gap - FRAME for gap in gaps if gap > FRAME + 150_000)
    span = max(1, times[-1] - times[0])
    return [(at - sent[number]) / 1000 for number, at in shown.items()], 1 - len(shown) / len(wanted), frozen / span


def one_call(stack, path, server, number, pictures, seconds):
    users = [f"{stack}-{number}-{role}" for role in ("caller", "callee")]
    parties = []
    try:
        for end, user in zip("ab", users):
            command = setup.command(stack, server, user, pictures) + ["show"]
            parties.append(setup.Program(path.at(end, command)))
        for party in parties:
            party.event("ready")
        time.sleep(1)  # both are at rest
        at_rest = sum(memory(party) for party in parties)
        parties[0].tell(f"dial {users[1]}")
        dialled = parties[0].event("dial")["at"]
        connected = max(party.event("connected")["at"] for party in parties)
        for party in parties:
            party.event("first-frame")
        time.sleep(SETTLE)
        begin, cpu = time.monotonic(), sum(party.cpu() for party in parties)
        time.sleep(seconds)
        end, cpu = time.monotonic(), sum(party.cpu() for party in parties) - cpu
        grown = sum(memory(party) for party in parties) - at_rest
        for party in parties:
            party.tell("quit")
        one, other = (party.event("summary") for party in parties)
    finally:
        for party in parties:
            party.stop()
    ways = [one_way(*way, begin * 1e6, end * 1e6) for way in ((one, other), (other, one))]
    late = sorted(latency for latencies, _, _ in ways for latency in latencies)
    return {
        "connected": (connected - dialled) / 1000,
        "p50": late[len(late) // 2] if late else float("inf"),
        "p95": late[len(late) * 95 // 100] if late else float("inf"),
        "missing": 100 * statistics.mean(missing for _, missing, _ in ways),
        "frozen": 100 * statistics.mean(frozen for _, _, frozen in ways),
        "cpu": cpu / (end - begin),
        "memory": grown,
    }


def measure(options, shape, pictures):
    rounds = {stack: [] for stack in options.stacks}
    path = relayed_path.RelayedPath(setup.BUILD / "bench" / "path_relay", **shape) if shape else Loopback()
    listen = path.address("b")
    service = setup.Program(path.at("b", ["rtc-signald", "--listen", listen, "--port", "0", "--insecure-open"]))
    try:
        server = service.line().split()[-1]
        for number in range(options.rounds):
            turn = number % len(options.stacks)
            for stack in options.stacks[turn:] + options.stacks[:turn]:
                result = one_call(stack, path, server, number, pictures, options.seconds)
                rounds[stack].append(result)
                shown = "  ".join(f"{key} {value:.2f}" for key, value in result.items())
                print(f"round {number + 1} {stack:16} {shown}", file=sys.stderr, flush=True)
    finally:
        service.stop()
        path.stop()
    return rounds


def compared(rounds, one, other):
    """Round by round, so that what disturbs a round disturbs both."""
    pairs = list(zip(rounds[one], rounds[other]))
    ratios = {key: setup.spread([a[key] / b[key] for a, b in pairs]) for key in RATIOS}
    differences = {key: setup.spread([a[key] - b[key] for a, b in pairs]) for key in DIFFERENCES}
    return ratios, differences


def show(rounds):
    titles = {key: title for key, (title, _) in COLUMNS.items()}
    digits = {key: places for key, (_, places) in COLUMNS.items()}
    values = {stack: {key: setup.spread([r[key] for r in results]) for key in COLUMNS} for stack, results in rounds.items()}
    setup.table(values, titles, digits)
    others = [stack for stack in rounds if stack != "ours"]
    if "ours" not in rounds or not others:
        return
    pairs = {f"ours / {other}": compared(rounds, "ours", other) for other in others}
    print("\nratios, round by round")
    setup.table({name: ratios for name, (ratios, _) in pairs.items()}, {key: titles[key] for key in RATIOS}, dict.fromkeys(RATIOS, 2))
    print("\ndifferences, round by round")
    setup.table(
        {name.replace("/", "-"): differences for name, (_, differences) in pairs.items()},
        {key: titles[key] for key in DIFFERENCES}, dict.fromkeys(DIFFERENCES, 2),
    )  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description="CPU, latency and losses of a call, against webrtcbin and libwebrtc.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="that are measured of each call")
    parser.add_argument("--stacks", nargs="+", choices=[*setup.STACKS, *setup.SETTINGS], default=list(setup.STACKS))
    parser.add_argument("--paths", nargs="+", choices=list(PATHS), default=list(PATHS))
    options = parser.parse_args()
    relayed_path.isolate("RTC_BENCH_ISOLATED")
    everything = {}
    with tempfile.TemporaryDirectory() as folder:
        pictures = str(pathlib.Path(folder) / "pictures.i420")
        subprocess.run(
            ["gst-launch-1.0", "-q", "videotestsrc", "pattern=smpte", "num-buffers=60", "!",
             "video/x-raw,format=I420,width=640,height=480", "!", "filesink", f"location={pictures}"],
            check=True,
        )  # fmt: skip
        for name in options.paths:
            everything[name] = measure(options, PATHS[name], pictures)
            shape = ", ".join(f"{key} {value}" for key, value in PATHS[name].items()) if PATHS[name] else "loopback"
            print(f"\n{name} path ({shape}), {options.rounds} rounds of {options.seconds:g} s; min / median / max", flush=True)
            show(everything[name])
    print("\n" + json.dumps(everything))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
