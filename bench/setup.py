#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a call takes to stand, and what it costs: ours, a bare webrtcbin pair and libwebrtc, interleaved in one run.

Every call is two processes that log in at one rtc-signald, are warm (logged in, camera and microphone test sources running)
and then told to dial. All clocks start at that word and end in another process's report on the machine's monotonic clock:

  connected    the later of the two parties calls the connection connected
  first frame  the later of the two parties has its first decoded frame in hand, as a raw picture
  CPU          user + system time of both processes from the dial to the end of the call, in cores

Both pictures are 640x480 at 30 frames/s, VP8 at 1 Mbit/s, with Opus beside them. Frames are taken from the decoder, or from
libwebrtc's sink: libwebrtc paces frames to a render time before that, GStreamer's sinks do not (sync=false). Ours says
connected when its call is, which is after the certificate was checked; the others when their peer connection is. libwebrtc
runs twice: at its own start rate with a cap of 1 Mbit/s, as most applications use it, and told to start at 1 Mbit/s.
"""

import argparse
import json
import os
import pathlib
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MESON_BUILD_ROOT", HERE.parent / "build" / "bench"))
STACKS = ("ours", "webrtcbin", "libwebrtc", "libwebrtc-fixed")
# What is asked for by its name only.
SETTINGS = {"ours-redundant": ["fec-percentage=50"]}
TICKS = os.sysconf("SC_CLK_TCK")
DEADLINE = 20  # seconds for any one step of a call


class Program:
    """A process that reports JSON lines on stdout and takes commands on stdin."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.lines = queue.Queue()
        self.seen = {}
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def line(self):
        line = self.lines.get(timeout=DEADLINE)
        if line is None:
            raise RuntimeError(f"{self.process.args[0]} ended with {self.process.wait()}")
        return line

    def event(self, name):
        while name not in self.seen:
            report = json.loads(self.line())
            self.seen.setdefault(report["event"], report)
        return self.seen[name]

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def cpu(self):
        """Seconds of user and system time so far."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def stop(self):
        self.process.terminate()
        self.process.wait()


def command(stack, server, user, pictures):
    if stack.startswith("libwebrtc"):
        rate = "fixed" if stack == "libwebrtc-fixed" else "capped"
        return ["node", str(HERE / "peers" / "libwebrtc_call.mjs"), server, user, pictures, rate]
    program = "bare_call" if stack == "webrtcbin" else "element_call"
    return [str(BUILD / "bench" / program), server, user, *SETTINGS.get(stack, [])]


def one_call(stack, server, number, pictures, seconds):
    users = [f"{stack}-{number}-{role}" for role in ("caller", "callee")]
    parties = [Program(command(stack, server, user, pictures)) for user in users]
    try:
        for party in parties:
            party.event("ready")
        time.sleep(1)  # both are at rest: what an application does before a call is not measured
        cpu, start = sum(party.cpu() for party in parties), time.monotonic()
        parties[0].tell(f"dial {users[1]}")
        dialled = parties[0].event("dial")["at"]
        times = {
            name: max(party.event(event)["at"] - dialled for party in parties) / 1000
            for name, event in (("connected", "connected"), ("first_frame", "first-frame"))
        }
        time.sleep(max(0.0, start + seconds - time.monotonic()))
        cpu, lasted = sum(party.cpu() for party in parties) - cpu, time.monotonic() - start
        for party in parties:
            party.tell("quit")
        summaries = [party.event("summary") for party in parties]
    finally:
        for party in parties:
            party.stop()
    flowing = lasted - times["first_frame"] / 1000
    return {
        **times,
        "cpu": cpu / lasted,
        "fps": min(summary["frames"] for summary in summaries) / flowing,
        "mbit": min(summary["bytes"] for summary in summaries) * 8e-6 / flowing,
    }


def spread(values):
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def table(rows, columns, digits):
    print(f"{'':24}" + "".join(f"{title:>28}" for title in columns.values()))
    for name, row in rows.items():
        cells = []
        for key in columns:
            value, places = row[key], digits[key]
            cells.append(f"{value['min']:.{places}f} / {value['median']:.{places}f} / {value['max']:.{places}f}")
        print(f"{name:24}" + "".join(f"{cell:>28}" for cell in cells))


def measure(options, server, pictures):
    rounds = {stack: [] for stack in options.stacks}
    for number in range(options.rounds):
        turn = number % len(options.stacks)
        for stack in options.stacks[turn:] + options.stacks[:turn]:
            result = one_call(stack, server, number, pictures, options.seconds)
            rounds[stack].append(result)
            shown = "  ".join(f"{key} {value:.2f}" for key, value in result.items())
            print(f"round {number + 1} {stack:10} {shown}", file=sys.stderr)
    return rounds


def ratios(rounds, one, other):
    """Of each round for itself, so that what disturbs a round disturbs both."""
    return {
        key: spread([a[key] / b[key] for a, b in zip(rounds[one], rounds[other])])
        for key in ("connected", "first_frame", "cpu")
    }


def main():
    parser = argparse.ArgumentParser(description="Call setup and CPU, against a bare webrtcbin pair and libwebrtc.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8, help="of each call, from the dial")
    parser.add_argument("--stacks", nargs="+", choices=STACKS, default=list(STACKS))
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        pictures = str(pathlib.Path(folder) / "pictures.i420")
        subprocess.run(
            ["gst-launch-1.0", "-q", "videotestsrc", "pattern=smpte", "num-buffers=60", "!",
             "video/x-raw,format=I420,width=640,height=480", "!", "filesink", f"location={pictures}"],
            check=True,
        )  # fmt: skip
        service = Program(["rtc-signald", "--listen", "127.0.0.1", "--port", "0"])
        try:
            server = service.line().split()[-1]
            rounds = measure(options, server, pictures)
        finally:
            service.stop()

    values = {
        stack: {key: spread([r[key] for r in results]) for key in results[0]} for stack, results in rounds.items()
    }
    compared = {
        f"{one} / {other}": ratios(rounds, one, other)
        for one, other in (
            ("ours", "libwebrtc"), ("ours", "libwebrtc-fixed"), ("ours", "webrtcbin"), ("webrtcbin", "libwebrtc"),
        )  # fmt: skip
        if one in rounds and other in rounds
    }
    columns = {"connected": "connected ms", "first_frame": "first frame ms", "cpu": "CPU cores"}
    more = {**columns, "fps": "decoded frames/s", "mbit": "Mbit/s in"}
    print(f"\n{options.rounds} rounds, {options.seconds:g} s each; min / median / max")
    table(values, more, {"connected": 0, "first_frame": 0, "cpu": 2, "fps": 1, "mbit": 2})
    print("\nratios, round by round; min / median / max")
    table(compared, columns, dict.fromkeys(columns, 2))
    print("\n" + json.dumps({"rounds": rounds, "spread": values, "ratios": compared}))


if __name__ == "__main__":
    main()
