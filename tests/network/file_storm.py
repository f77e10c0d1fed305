#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""file_storm.py RTC_SIGNALD RTC_CALL PATH_RELAY [--runs N] [--seed S]: files are handed over while everything is killed.

Each run sends something over a path of its own while, at random times, the sender, the receiver or the service is killed and started
again, a connection is cut for a while or for good, the receiver is held, or somebody presses Ctrl-C. What a person would do is done:
the same command again. In the end every file must be whole under its name and nothing unfinished left; at no time may a file under
its final name be anything but what was sent, and no program may end without saying why. A run is made again by its seed.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import relayed_path

DEADLINE = 150  # seconds of one run
PARTIAL = ".rtcfile-partial"
KILLS = ("sender", "receiver", "service", "cut", "cut", "cut", "hold", "interrupt")


class Failure(Exception):
    pass


class Program:
    """One of the programs, and what it said."""

    def __init__(self, command):
        self.events, self.killed = [], False
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            try:
                self.events.append(json.loads(line))
            except ValueError:
                self.events.append({"event": "line", "text": line.strip()})

    def said(self, **wanted):
        return any(all(event.get(key) == value for key, value in wanted.items()) for event in list(self.events))

    def status(self):
        """Nothing while it runs."""
        code = self.process.poll()
        if code is not None:
            self.reader.join(5)
        return code

    def kill(self, with_signal=signal.SIGKILL):
        self.killed = True
        if self.process.poll() is None:
            self.process.send_signal(with_signal)

    def end(self):
        self.kill()
        self.process.wait()
        self.reader.join(5)

    def reason(self):
        """The last words of one that did not end well."""
        for event in reversed(self.events):
            text = event.get("message") or event.get("text")
            if text and event.get("event") in ("error", "file", "notice"):
                return text
        raise Failure(f"ended with {self.process.returncode} and said no reason: {self.events[-5:]}")


class Run:
    def __init__(self, options, path, seed, folder):
        self.options, self.path, self.random, self.folder = options, path, random.Random(seed), folder
        self.source, self.target = folder / "out", folder / "in"
        self.source.mkdir()
        self.target.mkdir()
        self.paths = self.make_files()
        self.port = 0
        self.service = self.receiver = self.sender = None
        self.due = []  # what happens later: when, what
        self.errors = []

    # --- What is sent ---

    def make_files(self):
        kind = self.random.choice(("one", "one", "large", "many", "mixed"))
        if kind in ("one", "large"):
            size = self.random.randrange(1, 8_000_000) if kind == "one" else self.random.randrange(20_000_000, 35_000_000)
            (self.source / "a.bin").write_bytes(self.random.randbytes(size))
            return [self.source / "a.bin"]
        folder = self.source / "folder"
        (folder / "empty").mkdir(parents=True)
        for number in range(self.random.randrange(20, 200)):
            (folder / f"{number}.bin").write_bytes(self.random.randbytes(self.random.choice((0, 1, 16_384, 70_000))))
        if kind == "many":
            return [folder]
        (self.source / "b.bin").write_bytes(self.random.randbytes(self.random.randrange(1, 15_000_000)))
        return [self.source / "b.bin", folder]

    def names(self, root):
        return {path.relative_to(root) for path in root.rglob("*") if PARTIAL not in path.parts and path.is_file()}

    def check_names(self):
        """What has its final name is whole."""
        for name in self.names(self.target):
            if (self.target / name).read_bytes() != (self.source / name).read_bytes():
                raise Failure(f"a wrong file under its name: {name}")

    def all_whole(self):
        return self.names(self.target) == self.names(self.source)

    # --- The programs ---

    def server(self):
        return f"ws://{self.path.address('b')}:{self.port}"

    def start_service(self):
        words = ["--listen", self.path.address("b"), "--port", str(self.port), "--insecure-open", "--resume-timeout=1"]
        self.service = Program(self.path.at("b", [self.options.signald, *words]))
        self.wait(lambda: any("ws://" in event.get("text", "") for event in list(self.service.events)), "the service")
        line = next(event["text"] for event in self.service.events if "ws://" in event.get("text", ""))
        self.port = int(line.rsplit(":", 1)[1].split()[0].strip("/"))

    def start_receiver(self):
        words = ["receive", "--user", "bob", "--accept", "auto", "--directory", str(self.target), "--json"]
        self.receiver = Program(self.path.at("b", [self.options.rtc_call, *words, "--server", self.server()]))

    def start_sender(self):
        words = ["send", "bob", "--user", "alice", "--json", "--server", self.server()]
        self.sender = Program(self.path.at("a", [self.options.rtc_call, *words, *map(str, self.paths)]))

    def wait(self, until, what):
        end = time.monotonic() + DEADLINE
        while not until():
            if time.monotonic() > end:
                raise Failure(f"waited too long for {what}; {self.told()}")
            time.sleep(0.02)

    # --- What goes wrong ---

    def ports(self):
        """Those of the receiver's connections."""
        listing = subprocess.run(self.path.at("b", ["ss", "-Huan"]), capture_output=True, text=True, check=True).stdout
        locals_ = (line.split()[3] for line in listing.splitlines())
        return [local.rsplit(":", 1)[1] for local in locals_ if local.startswith(self.path.address("b"))]

    def nft(self, text):
        subprocess.run(self.path.at("b", ["nft", "-f", "-"]), input=text, text=True, check=True)

    def cut(self):
        ports = self.ports()
        if not ports:
            return
        chosen = self.random.choice(ports)
        self.nft(f"add element ip storm cut {{ {chosen} }}")
        if self.random.random() < 0.5:
            self.later(self.random.uniform(0.2, 12), lambda: self.nft("flush set ip storm cut"))

    def later(self, seconds, what):
        self.due.append((time.monotonic() + seconds, what))

    def strike(self, kind):
        if kind == "sender":
            self.sender.kill()
        elif kind == "interrupt":
            self.sender.kill(signal.SIGINT)
        elif kind == "receiver":
            self.receiver.kill()
        elif kind == "service":
            self.service.kill()
        elif kind == "cut":
            self.cut()
        else:
            receiver = self.receiver.process
            if receiver.poll() is None:
                receiver.send_signal(signal.SIGSTOP)
                self.later(self.random.uniform(0.2, 12), lambda: receiver.poll() is not None or receiver.send_signal(signal.SIGCONT))

    # --- The run ---

    def look(self):
        """Starts again what ended. True when all is handed over."""
        now = time.monotonic()
        for entry in [entry for entry in self.due if entry[0] <= now]:
            self.due.remove(entry)
            entry[1]()
        if self.service is not None and self.service.status() is not None:
            self.service = None
            self.later(self.random.uniform(0, 2), self.start_service)
        if self.receiver is not None and self.receiver.status() is not None:
            if not self.receiver.killed:
                # A service that is away when one starts ends it, with its reason.
                self.errors.append(self.receiver.reason())
            self.check_names()
            self.receiver = None
            self.later(self.random.uniform(0, 3), self.start_receiver)
        if self.sender is not None and self.sender.status() is not None:
            status = self.sender.status()
            self.check_names()
            if status == 0:
                if not self.all_whole():
                    raise Failure(f"the sender believes that all arrived: {sorted(self.names(self.source) - self.names(self.target))}")
                return True
            if status != -signal.SIGKILL:
                self.errors.append(self.sender.reason())
                if status < 0:
                    raise Failure(f"the sender crashed: {status}")
            if status == 3 and self.all_whole():
                return True  # what was to be sent is there already
            self.sender = None
            self.later(self.random.uniform(0, 2), self.start_sender)
        return False

    def go(self):
        self.nft("table ip storm { set cut { type inet_service; }; "
                 "chain in { type filter hook input priority 0; udp dport @cut drop; }; }")  # fmt: skip
        self.start_service()
        self.start_receiver()
        self.wait(lambda: self.receiver.said(event="session", state="online"), "the receiver")
        self.start_sender()
        self.wait(lambda: self.sender.said(event="file", state="running") or self.look(), "the transfer")
        strikes = []
        for _ in range(self.random.randrange(1, 5)):
            kind = self.random.choice(KILLS)
            strikes.append(kind)
            self.later(self.random.uniform(0, 6) ** 1.2 / 1.5, lambda kind=kind: self.strike_if_there(kind))
        self.wait(self.look, f"the end, after {strikes}")
        self.finish(strikes)
        return strikes

    def strike_if_there(self, kind):
        if None not in (self.sender, self.receiver, self.service):
            self.strike(kind)

    def told(self):
        programs = {"sender": self.sender, "receiver": self.receiver}
        last = {name: program.events[-4:] for name, program in programs.items() if program is not None}
        return f"errors: {self.errors}; last words: {last}"

    def finish(self, strikes):
        self.due.clear()
        self.nft("flush set ip storm cut")
        if self.receiver is None:
            self.start_receiver()
            self.wait(lambda: self.receiver.said(event="session"), "the receiver")
        self.receiver.process.send_signal(signal.SIGCONT)
        self.receiver.kill(signal.SIGINT)
        self.wait(lambda: self.receiver.status() is not None, f"the receiver's end after {strikes}")
        if self.receiver.status() < 0:
            raise Failure(f"the receiver crashed: {self.receiver.status()}")
        self.check_names()
        partial = self.target / PARTIAL
        if partial.exists():
            raise Failure(f"unfinished files are left after {strikes}: {os.listdir(partial)}")

    def stop(self):
        for program in (self.service, self.receiver, self.sender):
            if program is not None:
                program.process.send_signal(signal.SIGCONT) if program.process.poll() is None else None
                program.end()
        subprocess.run(self.path.at("b", ["nft", "delete", "table", "ip", "storm"]), check=False, stderr=subprocess.DEVNULL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("signald")
    parser.add_argument("rtc_call")
    parser.add_argument("relay")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    relayed_path.isolate("RTC_STORM_ISOLATED")
    path = relayed_path.RelayedPath(options.relay, 20, 0.1, 40)
    failed, errors = [], collections.Counter()
    for seed in range(options.seed, options.seed + options.runs):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="rtc-storm-"))
        run = Run(options, path, seed, folder)
        begun = time.monotonic()
        try:
            told = f"whole after {', '.join(run.go())}"
        except Failure as failure:
            failed.append(seed)
            told = f"FAILED: {failure}"
        finally:
            run.stop()
            shutil.rmtree(folder)
        errors.update(run.errors)
        print(f"seed {seed}: {time.monotonic() - begun:.1f} s, {told}", flush=True)
    path.stop()
    print(f"{options.runs - len(failed)} of {options.runs} runs ended with every file whole; failed: {failed or 'none'}")
    for text, count in errors.most_common():
        print(f"{count:5} times: {text}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
