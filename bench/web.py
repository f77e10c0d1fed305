#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page against bare WebRTC in the same browser (Chromium), interleaved in one run.

  files        MB/s of a file from page to page, and between a page and rtcfilesrc / rtcfilesink, from the offer's acceptance to the
               receiver's confirmation: read from the disk, hashed, stored on the disk. Beside each a bare data channel between the
               same kinds of end, two pages or a page and a webrtcbin, which pours memory to nowhere, with messages of 16 KiB and of
               64 KiB; the ratio is to the faster one of the same round. CPU is user and system time of both browsers together
  memory       MiB of each browser, all its processes together, once a second while one large file goes from page to page
  first frame  ms from the click to the later of the two parties' first frame of the other's picture, in two tabs of one browser, with
               camera and microphone still to be opened. Beside it the shortest sample of two tabs that do the same over a BroadcastChannel

The ends of a file's path are namespaces joined by path_relay, as in files.py.
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
sys.path.insert(0, str(HERE.parent / "tests" / "network"))

import relayed_path  # noqa: E402
from file_clients import BUILD, finish  # noqa: E402
from files import Loopback, isolate, point_of  # noqa: E402
from processes import Family  # noqa: E402

DEADLINE = 120  # seconds for any one act
MESSAGES = {"16k": 16_384, "64k": 65_536}
# Who sends to whom; the bare channel of each is measured with both sizes of messages.
FILES = {"page-page": "bare page-page", "page-native": "bare page-webrtcbin", "native-page": "bare webrtcbin-page"}
BARE = {f"{bare} {message}": size for bare in FILES.values() for message, size in MESSAGES.items()}


class Party:
    """Chromium at one end of the path."""

    def __init__(self, path, end, origin):
        command = path.at(end, ["node", str(HERE / "peers" / "web_party.mjs"), origin])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.browser = Family(self.process.pid)
        self.answers = {}
        self.lock = threading.Lock()
        self.ready = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.ready.get(timeout=DEADLINE)

    def _read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            (self.ready if answer == "ready" else self._queue(answer["tab"])).put(answer)

    def _queue(self, tab):
        with self.lock:
            return self.answers.setdefault(tab, queue.Queue())

    def begin(self, tab, act, argument=None):
        self.process.stdin.write(json.dumps({"tab": tab, "do": act, "with": argument}) + "\n")

    def end(self, tab, deadline=DEADLINE):
        answer = self._queue(tab).get(timeout=deadline)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["gave"]

    def ask(self, tab, act, argument=None, deadline=DEADLINE):
        self.begin(tab, act, argument)
        return self.end(tab, deadline)

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Service:
    def __init__(self, path):
        command = ["rtc-signald", "--listen", path.address("b"), "--port", "0", "--insecure-open"]
        self.process = subprocess.Popen(path.at("b", command), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.server = self.process.stdout.readline().split()[-1]
        self.origin = self.server.replace("ws://", "http://", 1)

    def stop(self):
        self.process.kill()
        self.process.wait()


def bare_channel(ann, bob):
    answer = bob.ask("bare", "answer", ann.ask("bare", "offer"))
    ann.ask("bare", "answered", answer)


def bare_webrtcbin(path, *words):
    command = [str(BUILD / "bench" / "bare_channel"), *map(str, words)]
    return subprocess.Popen(path.at("b", command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def tell(process, description):
    process.stdin.write(description.replace("\n", "\x01") + "\n")


def told(process):
    return process.stdout.readline().rstrip("\n").replace("\x01", "\n")


def bare_pour(kind, path, ann, size):
    message = BARE[kind]
    if "page-page" in kind:
        return ann.ask("bare", "pour", {"bytes": size, "message": message})
    pours = "webrtcbin-page" in kind
    native = bare_webrtcbin(path, *(["pour", size, message] if pours else ["take"]))
    try:
        if pours:
            tell(native, ann.ask("bare native", "answer", told(native)))
            return {"seconds": float(told(native))}
        tell(native, ann.ask("bare native", "offer"))
        ann.ask("bare native", "answered", told(native))
        return ann.ask("bare native", "pour", {"bytes": size, "message": message})
    finally:
        ann.ask("bare native", "endBare")
        native.kill()
        native.wait()


def elements(path, server, *command):
    arguments = ["gst-launch-1.0", "-m", *command, f"server={server}"]
    return subprocess.Popen(path.at("b", arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def wait_for(process, text):
    for line in process.stdout:
        if text in line:
            return
    raise RuntimeError(f"it ended before it said {text}")


def page_to_native(path, service, ann, folder):
    taker = elements(path, service.server, "rtcfilesrc", "user=cid", f"directory={folder}")
    try:
        wait_for(taker, "state=(string)online")
        ann.ask("client", "call", {"to": "cid", "media": {"audio": False, "video": False}})
        threading.Thread(target=taker.stdout.read, daemon=True).start()
        return ann.ask("client", "sendFile")
    finally:
        ann.ask("client", "hangUp")
        taker.kill()
        taker.wait()


def native_to_page(path, service, ann, source):
    giver = elements(path, service.server, "rtcfilesink", "user=cid", "peer=ann", f"location={source}")
    begun = ended = None
    for line in giver.stdout:
        if "rtc-file," in line and "state=(string)running" in line and begun is None:
            begun = time.monotonic()
        if "rtc-file," in line and "state=(string)done" in line:
            ended = time.monotonic()
    if not finish([giver]) or not begun or not ended:
        raise RuntimeError("the elements could not send")
    ann.ask("client", "discard")
    return {"seconds": ended - begun}


def measure_files(point, options, report):
    path = Loopback() if point == "loopback" else relayed_path.RelayedPath(BUILD / "bench" / "path_relay", *point)
    service = Service(path)
    ann, bob = Party(path, "a", service.origin), Party(path, "b", service.origin)
    size = options.mebibytes << 20
    with tempfile.TemporaryDirectory() as name:
        source = pathlib.Path(name) / "source"
        source.write_bytes(os.urandom(size))
        for party, user in ((ann, "ann"), (bob, "bob")):
            party.ask("client", "media", {"audio": False, "video": False})
            party.ask("client", "login", user)
        ann.ask("client", "pick", str(source))
        bare_channel(ann, bob)
        for number in range(options.rounds):
            got = {}
            kinds = [kind for kind in (*BARE, *FILES) if kind in options.kinds]
            turn = number % len(kinds)
            for kind in kinds[turn:] + kinds[:turn]:
                cpu = ann.browser.cpu() + bob.browser.cpu()
                try:
                    if kind in BARE:
                        result = bare_pour(kind, path, ann, size)
                    elif kind == "page-page":
                        ann.ask("client", "call", {"to": "bob", "media": {"audio": False, "video": False}})
                        result = ann.ask("client", "sendFile")
                        bob.ask("client", "discard")
                        ann.ask("client", "hangUp")
                    elif kind == "page-native":
                        result = page_to_native(path, service, ann, name)
                    else:
                        result = native_to_page(path, service, ann, source)
                    cpu = ann.browser.cpu() + bob.browser.cpu() - cpu
                    got[kind] = {"rate": size / result["seconds"] / 1e6, "lanes": result.get("lanes"), "cpu": cpu * 1e3 / (size / 1e6)}
                except (RuntimeError, ValueError, queue.Empty) as error:
                    got[kind] = {"error": str(error)[:200]}
                print(f"{point} round {number + 1} {kind}: {got[kind]}", file=sys.stderr, flush=True)
            report.append({"point": point, **got})
    for party in (ann, bob):
        party.stop()
    service.stop()
    path.stop()


def measure_memory(mebibytes, report):
    path = Loopback()
    service = Service(path)
    ann, bob = Party(path, "a", service.origin), Party(path, "b", service.origin)
    with tempfile.TemporaryDirectory() as name:
        source = pathlib.Path(name) / "source"
        with open(source, "wb") as file:
            for _ in range(mebibytes):
                file.write(os.urandom(1 << 20))
        for party, user in ((ann, "ann"), (bob, "bob")):
            party.ask("client", "media", {"audio": False, "video": False})
            party.ask("client", "login", user)
        ann.ask("client", "pick", str(source))
        ann.ask("client", "call", {"to": "bob", "media": {"audio": False, "video": False}})
        begun = time.monotonic()

        def look():
            report.append({"second": time.monotonic() - begun, "sender": ann.browser.memory(), "receiver": bob.browser.memory()})

        look()
        ann.begin("client", "sendFile")
        while True:
            try:
                result = ann.end("client", 1)
                break
            except queue.Empty:
                look()
                print({key: round(value) for key, value in report[-1].items()}, file=sys.stderr, flush=True)
        bob.ask("client", "discard")
    for party in (ann, bob):
        party.stop()
    service.stop()
    path.stop()
    return result


def measure_frames(options, report):
    path = Loopback()
    service = Service(path)
    party = Party(path, "a", service.origin)
    for user in ("ann", "bob"):
        party.ask(user, "login", user)
    # The first call of a tab loads code that the later ones have.
    for number in range(-1, options.calls):
        got = {}
        kinds = ["page", "bare"] if number % 2 == 0 else ["bare", "page"]
        for kind in kinds:
            if kind == "page":
                clicked = party.ask("ann", "call", {"to": "bob"})
            else:
                party.ask("dan", "bareCall", False)
                clicked = party.ask("cid", "bareCall", True)
            tabs = ("ann", "bob") if kind == "page" else ("cid", "dan")
            got[kind] = max(party.ask(tab, "frame") for tab in tabs) - clicked
            for tab in tabs if kind == "bare" else tabs[:1]:
                party.ask(tab, "endBareCall" if kind == "bare" else "hangUp")
        print(f"call {number + 1}: {got}", file=sys.stderr, flush=True)
        if number >= 0:
            report.append(got)
    party.stop()
    service.stop()
    path.stop()


def spread(values):
    return " / ".join(f"{value:.1f}" for value in (min(values), statistics.median(values), max(values))) if values else "-"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--calls", type=int, default=10)
    parser.add_argument("--mebibytes", type=int, default=64)
    parser.add_argument("--kinds", nargs="+", choices=(*BARE, *FILES), default=(*BARE, *FILES))
    parser.add_argument("--large", type=int, default=0, help="MiB of the file whose way is looked at for memory; 0: none")
    parser.add_argument("--points", nargs="*", type=point_of, help="`loopback`, or ROUND-TRIP-MS,LOSS-PERCENT,MBIT",
                        default=["loopback", (50, 0, 400)])  # fmt: skip
    options = parser.parse_args()
    isolate()
    frames, files, memory = [], [], []
    if options.calls:
        measure_frames(options, frames)
    for point in options.points:
        measure_files(point, options, files)
    if options.large:
        result = measure_memory(options.large, memory)
        print(f"\n{options.large} MiB from page to page in {result['seconds']:.1f} s; MiB of each browser at the begin, after a quarter each, "
              "and at most")  # fmt: skip
        for side in ("sender", "receiver"):
            values = [each[side] for each in memory]
            quarters = [values[round((len(values) - 1) * part / 4)] for part in range(5)]
            print(f"  {side:12}" + " / ".join(f"{value:.0f}" for value in quarters) + f"   {max(values):.0f}")
    if frames:
        print("\nfirst frame, ms: min / median / max")
        for kind in ("page", "bare"):
            print(f"  {kind:12}{spread([each[kind] for each in frames]):>28}")
        print(f"  {'ratio':12}{spread([each['page'] / each['bare'] for each in frames]):>28}")
    for point in options.points:
        rounds = [each for each in files if each["point"] == point]
        print(f"\n{point}, {options.mebibytes} MiB: MB/s min / median / max, the ratio to the bare channel of the same round, "
              "and CPU, ms/MB")
        for kind in options.kinds:
            whole = [each for each in rounds if "rate" in each[kind]]
            rates = [each[kind]["rate"] for each in whole]
            twin = FILES.get(kind, kind.rsplit(" ", 1)[0])
            bare = [max(each.get(f"{twin} {message}", {}).get("rate", 0) for message in MESSAGES) for each in whole]
            ratios = [rate / fast for rate, fast in zip(rates, bare) if fast]
            cells = " / ".join(f"{ratio:.2f}" for ratio in (min(ratios), statistics.median(ratios), max(ratios))) if ratios else "-"
            cpu = spread([each[kind]["cpu"] for each in whole]) if "page-page" in kind else ""
            print(f"  {kind:24}{spread(rates):>28}{cells:>24}{cpu:>28}   failed {len(rounds) - len(whole)}")
    print("\n" + json.dumps({"frames": frames, "files": files, "memory": memory}))


if __name__ == "__main__":
    main()
