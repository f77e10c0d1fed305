#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""file_path_test.py RTC_SIGNALD RTC_CALL PATH_RELAY: files over slow paths and onto disks that stall, are full or cannot be written."""

import argparse
import contextlib
import hashlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import relayed_path
from file_storm import Program

DEADLINE = 60  # seconds of one wait
MOST_MEMORY = 150 << 20


def wait(until, what):
    end = time.monotonic() + DEADLINE
    while not (got := until()):
        assert time.monotonic() < end, f"waited too long for {what}"
        time.sleep(0.01)
    return got


class World:
    """A path, a service at its far end, and a folder for each side."""

    def __init__(self, options, round_trip, mbit):
        self.options = options
        self.path = relayed_path.RelayedPath(options.relay, round_trip, 0, mbit)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rtc-path-"))
        self.target = self.folder / "in"
        self.target.mkdir()
        self.programs = []
        words = ["--listen", self.path.address("b"), "--port", "0", "--insecure-open"]
        service = self.start("b", options.signald, *words)
        line = wait(lambda: next((e["text"] for e in list(service.events) if "ws://" in e.get("text", "")), None), "the service")
        self.server = line.split()[-1]

    def start(self, end, *command):
        self.programs.append(Program(self.path.at(end, [str(word) for word in command])))
        return self.programs[-1]

    def receive(self):
        program = self.start("b", self.options.rtc_call, "receive", "--user", "bob", "--accept", "auto", "--json", "--directory",
                             self.target, "--server", self.server)  # fmt: skip
        wait(lambda: program.said(event="session", state="online"), "the receiver")
        return program

    def send(self, *words):
        return self.start("a", self.options.rtc_call, "send", "bob", *words, "--user", "alice", "--json", "--server", self.server)

    def launch(self, end, text):
        return self.start(end, "gst-launch-1.0", "-m", *text.replace("SERVER", self.server).split())

    def file(self, name, size):
        path = self.folder / name
        path.write_bytes(os.urandom(size))
        return path

    def close(self):
        for program in self.programs:
            program.end()
        self.path.stop()
        subprocess.run(["rm", "-r", str(self.folder)], check=True)


def told(program, text):
    return any(text in str(event) for event in list(program.events))


def last_bytes(program):
    """How much is stored, by the last message that tells it."""
    for event in reversed(list(program.events)):
        if "bytes" in event:
            return event["bytes"]
        if found := re.search(r"rtc-file.*bytes=\(guint64\)(\d+)", event.get("text", "")):
            return int(found[1])
    return 0


def peak_memory(program):
    status = pathlib.Path(f"/proc/{program.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) << 10


def either_side_cancels_at_once_on_a_slow_link(options):
    for who in ("sender", "receiver"):
        with contextlib.closing(World(options, 40, 2)) as world:
            receiver = world.receive()
            sender = world.send(world.file("a", 8_000_000))
            wait(lambda: last_bytes(sender) > 600_000, "data")
            one, other = (sender, receiver) if who == "sender" else (receiver, sender)
            one.process.send_signal(signal.SIGINT)
            begun = time.monotonic()
            wait(lambda: other.said(event="file", state="cancelled"), "the other side")
            took = time.monotonic() - begun
            assert took < 2, f"the {who} cancelled, and the other side heard of it after {took:.2f} s"
            wait(lambda: sender.status() is not None, "the sender's end")
            assert sender.status() == 6, sender.events[-3:]
            assert not (world.target / "a").exists()
            print(f"the {who} cancels: felt after {took:.2f} s")


def a_reader_that_stalls_holds_both_sides_in_bounded_memory(options):
    with contextlib.closing(World(options, 2, 400)) as world:
        source = world.file("a", 64_000_000)
        pipe = world.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        receiver = world.launch("b", f"rtcfilesrc user=bob server=SERVER ! filesink sync=false location={pipe}")
        wait(lambda: told(receiver, "state=(string)online"), "the receiver")
        sender = world.launch("a", f"rtcfilesink user=alice peer=bob server=SERVER location={source}")
        stalled = {"bytes": -1, "since": 0.0}

        def stalls():
            now = last_bytes(sender)
            if not told(sender, "state=(string)running") or now != stalled["bytes"]:
                stalled.update(bytes=now, since=time.monotonic())
            return time.monotonic() - stalled["since"] > 3

        wait(stalls, "the stall")
        assert stalled["bytes"] < 40_000_000, f"{stalled} although nobody reads"
        peaks = {"sender": peak_memory(sender), "receiver": peak_memory(receiver)}
        print("nobody reads:", {name: f"{peak >> 20} MiB" for name, peak in peaks.items()})
        os.set_blocking(reader, True)
        digest = hashlib.sha256()
        while part := os.read(reader, 1 << 20):
            digest.update(part)
        os.close(reader)
        wait(lambda: sender.status() is not None and receiver.status() is not None, "the end")
        assert (sender.status(), receiver.status()) == (0, 0), (sender.events[-3:], receiver.events[-3:])
        assert digest.digest() == hashlib.sha256(source.read_bytes()).digest()
        for name, peak in peaks.items():
            assert peak < MOST_MEMORY, f"the {name} took {peak >> 20} MiB"


@contextlib.contextmanager
def small_disk(folder, *options):
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def a_disk_that_is_too_small_refuses_beforehand(options):
    with contextlib.closing(World(options, 2, 400)) as world, small_disk(world.target, "-o", "size=24m"):
        receiver = world.receive()
        sender = world.send(world.file("a", 20_000_000))
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.said(event="file", reason="no_space"), sender.events[-3:]
        assert told(receiver, "not enough room")
        assert not list(world.target.iterdir())


def a_disk_that_fills_up_in_the_middle_ends_it_and_both_are_told(options):
    with contextlib.closing(World(options, 2, 400)) as world, small_disk(world.target, "-o", "size=8m"):
        receiver = world.receive()
        # Nobody knows how long a stream is before it ends.
        sender = world.launch("a", f"filesrc location={world.file('a', 24_000_000)} ! rtcfilesink user=alice peer=bob server=SERVER")
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() != 0 and told(sender, "no_space"), sender.events[-3:]
        wait(lambda: told(receiver, "No space left on device"), "the receiver's word")
        wait(lambda: not list(world.target.iterdir()), "the unfinished stream to go")


def a_folder_that_cannot_be_written_is_told_to_nobody_but_its_owner(options):
    with contextlib.closing(World(options, 2, 400)) as world, small_disk(world.target, "-o", "size=64m"):
        receiver = world.receive()
        subprocess.run(["mount", "-o", "remount,ro", str(world.target)], check=True)
        sender = world.send(world.file("a", 1_000))
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() != 0 and sender.reason()
        assert told(receiver, "Read-only file system"), receiver.events[-3:]
        assert not told(sender, "Read-only"), sender.events[-3:]
        late = world.start("b", options.rtc_call, "receive", "--user", "carol", "--directory", world.target, "--server", world.server)
        wait(lambda: late.status() is not None, "the end of one that begins there")
        assert late.status() != 0 and told(late, "Read-only file system"), late.events


TESTS = (
    either_side_cancels_at_once_on_a_slow_link,
    a_reader_that_stalls_holds_both_sides_in_bounded_memory,
    a_disk_that_is_too_small_refuses_beforehand,
    a_disk_that_fills_up_in_the_middle_ends_it_and_both_are_told,
    a_folder_that_cannot_be_written_is_told_to_nobody_but_its_owner,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("signald")
    parser.add_argument("rtc_call")
    parser.add_argument("relay")
    options = parser.parse_args()
    relayed_path.isolate("RTC_PATH_TEST_ISOLATED")
    failed = 0
    for test in TESTS:
        try:
            test(options)
            print(f"ok: {test.__name__}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"FAILED: {test.__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
