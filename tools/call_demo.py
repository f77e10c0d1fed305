#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""./dev call: alice calls bob on this machine, hands him a file, and you see what each of them got.

Starts rtc-signald on a free port and the two parties as processes of their own, with test pictures and test tones. Exits 0 only
if all that a call promises held on both sides; otherwise it says what did not.
"""

import argparse
import hashlib
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BROWSER_PARTY = ROOT / "tests" / "browser" / "call_page.mjs"
BROWSER_PAGE = ROOT / "tests" / "browser" / "book_page"
SILENCE_DB = -60  # the test tones are far above, a muted or broken path is far below
DELIVERED = 0.8  # of the frames that were sent, at least this share must have been decoded
MOVING = 20  # frames a second of the camera's 30: a machine may be busy with other things
SMALLEST_PICTURE = 2000  # bytes of PNG; a picture in one colour is smaller


class Party:
    """A process that tells its events as JSON lines."""

    def __init__(self, name, command, events):
        self.name = name
        self.states = []
        self.reason = None
        self.stats = {}
        self.most = {}
        self.errors = []
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, args=(events,), daemon=True).start()

    def _read(self, events):
        for line in self.process.stdout:
            try:
                events.put((self, json.loads(line)))
            except ValueError:
                print(f"{self.name}: {line.rstrip()}", file=sys.stderr)
        events.put((self, None))

    def take(self, event):
        kind = event["event"]
        if kind in ("session", "call"):
            self.states.append(event["state"])
            self.reason = event.get("reason", self.reason)
        elif kind == "stats":
            self.stats = event
            for key, value in event.items():
                if isinstance(value, (int, float)):
                    self.most[key] = max(value, self.most.get(key, value))
        elif kind == "error":
            self.errors.append(event["message"])

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def number(value, factor, form):
    """With a foreign peer there is no round trip until its RTCP tells one."""
    return "?" if value is None or value < 0 else format(value * factor, form)


def line_of(party):
    stats = party.stats
    level = stats.get("audio-in-level")
    sound = "no sound" if level is None else f"sound {level:.0f} dB"
    return (
        f"{stats.get('seconds', 0):4.0f} s  {party.name} sees {stats.get('peer', '')}"
        f"  {stats.get('video-in-width', 0)}x{stats.get('video-in-height', 0)}"
        f"  {stats.get('video-in-fps', 0):.0f} frames/s  {number(stats.get('video-in-bitrate'), 1e-3, '.0f')} kbit/s"
        f"  {sound}  round trip {number(stats.get('round-trip'), 1, '.1f')} ms"
    )


def show(party, event, live):
    """On a terminal the statistics rewrite one line; elsewhere each is a line."""
    if event["event"] == "stats":
        print(f"\r{line_of(party)}\033[K" if live else line_of(party), end="" if live else "\n", flush=True)
        return
    start = "\r\033[K" if live else ""
    if event["event"] == "session":
        print(f"{start}{party.name}: {event['state']}", flush=True)
    elif event["event"] == "call":
        because = f" ({event['reason']})" if event.get("reason") else ""
        print(f"{start}{party.name}: {event['state']}{because}, {event['peer']}", flush=True)


def watch(parties, events, until, deadline, live):
    """Shows events until `until()`, all parties have ended, or the deadline. Whether `until()` came true."""
    running = {party for party in parties if party.process.poll() is None or not party.states}
    while not until():
        try:
            party, event = events.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            return False
        if event is None:
            running.discard(party)
            if not running:
                return until()
            continue
        party.take(event)
        show(party, event, live)
    return True


def snapshot_of(folder, party):
    return folder / f"{party}.png"


def rtc_call(arguments, user, server, folder, display):
    return [
        "rtc-call", *arguments, "--user", user, "--server", server, "--video", "test", "--audio", "test", "--json",
        "--snapshot", str(snapshot_of(folder, user)), "--display" if display else "--no-display",
    ]  # fmt: skip


def problems_of(party, seconds, sender, folder):
    """What a call promises, and this party did not get."""
    most = party.most
    if "connected" not in party.states:
        yield "was never connected"
        return
    if party.reason != "hangup":
        yield f"the call ended with {party.reason}"
    sent = sender.most.get("video-out-frames", 0)
    decoded = most.get("video-in-decoded", 0)
    # The last statistics are up to a second old, on both sides.
    if decoded < (sent - 30) * DELIVERED or decoded < (seconds - 2) * MOVING:
        yield f"decoded {decoded} frames of {sent} in {seconds} s"
    if most.get("audio-in-packets", 0) == 0:
        yield "no sound came"
    elif most.get("audio-in-level", -1000) < SILENCE_DB:
        yield f"only silence came ({most.get('audio-in-level', 'no level')} dB)"
    file = snapshot_of(folder, party.name)
    if not file.exists() or file.stat().st_size < SMALLEST_PICTURE:
        yield f"no picture in {file}"


def summarize(parties, folder):
    print(f"\n{'':8}{'sent':>8}{'decoded':>9}{'picture':>11}{'Mbit/s in':>11}{'sound in':>10}{'round trip':>12}  ended")
    for party in parties:
        most = party.most
        size = f"{most.get('video-in-width', 0)}x{most.get('video-in-height', 0)}"
        print(
            f"{party.name:8}{most.get('video-out-frames', 0):8}{most.get('video-in-decoded', 0):9}{size:>11}"
            f"{number(most.get('video-in-bitrate'), 1e-6, '.2f'):>11}{most.get('audio-in-level', float('-inf')):7.0f} dB"
            f"{number(party.stats.get('round-trip'), 1, '.1f'):>9} ms  {party.reason}"
        )
    print(f"\nWhat each of them saw: {folder}")
    for file in sorted(folder.glob("*.png")):
        print(f"  {file.name}  {file.stat().st_size // 1024} KiB")


def hash_of(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def hand_over(server, folder, mebibytes, live):
    """alice sends bob a file, both as rtc-call does it. What was wrong with that; nothing if all was right."""
    source, target = folder / "file.bin", folder / "received"
    target.mkdir(exist_ok=True)
    (target / source.name).unlink(missing_ok=True)
    with source.open("wb") as file:
        for _ in range(mebibytes):
            file.write(os.urandom(1 << 20))
    events = queue.Queue()
    common = ["--server", server, "--json"]
    receive = ["rtc-call", "receive", "--user", "bob", "--directory", str(target), "--accept", "auto", "--once", *common]
    bob = Party("bob", receive, events)
    parties = [bob]
    try:
        if not watch(parties, events, lambda: "online" in bob.states, time.monotonic() + 40, live):
            return ["bob was never online to receive the file"]
        begun = time.monotonic()
        alice = Party("alice", ["rtc-call", "send", "bob", str(source), "--user", "alice", *common], events)
        parties.append(alice)
        statuses = [party.process.wait(max(0.1, begun + 120 - time.monotonic())) for party in (alice, bob)]
        seconds = time.monotonic() - begun
    except subprocess.TimeoutExpired:
        return ["the file did not arrive in two minutes"]
    finally:
        for party in parties:
            party.stop()
    received = target / source.name
    if any(statuses) or not received.exists():
        return [f"the file did not arrive (exit statuses {statuses})"]
    sent, got = hash_of(source), hash_of(received)
    print(f"\nfile    {mebibytes} MiB from alice to bob in {seconds:.1f} s with the calls, {mebibytes / seconds:.0f} MiB/s")
    print(f"  sent      {sent}\n  received  {got}")
    source.unlink()
    received.unlink()
    return [] if sent == got else ["the received file is not the one that was sent"]


def serve(options):
    service = subprocess.Popen(
        ["rtc-signald", "--listen", "127.0.0.1", "--port", "0"]
        + (["--web-root", str(BROWSER_PAGE)] if options.browser else []),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    greeting = service.stdout.readline()
    if not greeting.startswith("listening on "):
        sys.exit(f"rtc-signald did not start: {greeting}")
    return service, greeting.split()[-1]


def call(options, server, folder, live):
    """Runs the call and gives its parties."""
    events = queue.Queue()
    if options.browser:
        # The page answers by itself, as the book's does.
        answer = ["node", str(BROWSER_PARTY), "--server", server, "--user", "bob", "--answer"]
        answer += ["--snapshot", str(snapshot_of(folder, "bob"))]
    else:
        answer = rtc_call(["answer", "--once"], "bob", server, folder, options.display)
    parties = [Party("bob", answer, events)]
    try:
        if watch(parties, events, lambda: "online" in parties[0].states, time.monotonic() + 40, live):
            dial = ["dial", "bob", "--duration", str(options.seconds)]
            parties.append(Party("alice", rtc_call(dial, "alice", server, folder, options.display), events))
            until = time.monotonic() + options.seconds + 40
            watch(parties, events, lambda: all("ended" in party.states for party in parties), until, live)
            for party in parties:
                try:
                    party.process.wait(max(0.1, until - time.monotonic()))
                except subprocess.TimeoutExpired:
                    party.errors.append("did not end by itself")
    finally:
        statuses = {party: party.stop() for party in parties}
    while not events.empty():
        party, event = events.get()
        if event is not None:
            party.take(event)
    for party, status in statuses.items():
        if status != 0:
            party.errors.append(f"exit status {status}")
    return parties


def main():
    parser = argparse.ArgumentParser(prog="./dev call", description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--browser", action="store_true", help="bob is a page in Chromium")
    parser.add_argument("--seconds", type=int, default=10, help="how long the call lasts (10)")
    parser.add_argument("--output", type=pathlib.Path, help="folder for the snapshots (a new one)")
    parser.add_argument("--file-mebibytes", type=int, default=100, help="how large a file alice sends bob (100; 0: none)")
    screen = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    parser.add_argument("--no-display", dest="display", action="store_false", default=screen, help="open no windows")
    options = parser.parse_args()

    folder = options.output or pathlib.Path(tempfile.mkdtemp(prefix="rtc-call-"))
    folder.mkdir(parents=True, exist_ok=True)
    live = sys.stdout.isatty()
    service, server = serve(options)
    try:
        parties = call(options, server, folder, live)
        file_problems = hand_over(server, folder, options.file_mebibytes, live) if options.file_mebibytes else []
    finally:
        service.terminate()
        service.wait()

    if live:
        print()
    summarize(parties, folder)
    failed = [] if len(parties) == 2 else ["bob was never online"]
    for party, other in zip(parties, reversed(parties)):
        found = [*party.errors]
        if len(parties) == 2:
            found += problems_of(party, options.seconds, other, folder)
        failed += [f"{party.name}: {problem}" for problem in found]
    failed += file_problems
    for problem in failed:
        print(problem, file=sys.stderr)
    print("The call failed." if failed else "All held: both were connected, saw and heard each other, and hung up; the file is the same.")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
