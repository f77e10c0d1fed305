#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""file_path_test.py RTC_SIGNALD RTC_CALL PATH_RELAY OVER_QUOTA: files over slow and broken paths, in great numbers, from pipes, and onto
disks that stall, are full or cannot be written. OVER_QUOTA is the library of over_quota.cpp.
"""

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

HERE = pathlib.Path(__file__).resolve().parent
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

    def receive(self, *prefix):
        program = self.start("b", *prefix, self.options.rtc_call, "receive", "--user", "bob", "--accept", "auto", "--json", "--directory",
                             self.target, "--server", self.server)  # fmt: skip
        wait(lambda: program.said(event="session", state="online"), "the receiver")
        return program

    def send(self, *words):
        return self.start("a", self.options.rtc_call, "send", "bob", *words, "--user", "alice", "--json", "--server", self.server)

    def launch(self, end, text):
        return self.start(end, "gst-launch-1.0", "-m", *text.replace("SERVER", self.server).split())

    def party(self, end, text):
        """One that can be paused (file_party.py)."""
        return self.start(end, HERE / "file_party.py", text.replace("SERVER", self.server))

    def part(self):
        """Everybody reaches the service from now on, and nobody the other side."""
        port = self.server.rsplit(":", 1)[-1].rstrip("/")
        self.nft("table inet deaf { chain in { type filter hook input priority 0; iif lo accept; "
                 f"meta l4proto udp drop; tcp dport != {port} drop; }}; }}")  # fmt: skip

    def join(self):
        self.nft("delete table inet deaf")

    def nft(self, rules):
        subprocess.run(self.path.at("b", ["nft", "-f", "-"]), input=rules, text=True, check=True)

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


def either_side_pauses_at_once_on_a_slow_link(options):
    """The one who pauses says so; then nothing more is stored than what was under way. A busy machine gets a second more; the unit
    test of the same has a clock of its own, and does not."""
    with contextlib.closing(World(options, 40, 2)) as world:
        receiver = world.party("b", f"rtcfilesrc user=bob server=SERVER directory={world.target}")
        wait(lambda: receiver.said(event="session", state="online"), "the receiver")
        source = world.file("a", 1_500_000)
        sender = world.party("a", f"rtcfilesink user=alice peer=bob server=SERVER location={source}")
        for least, one, other in ((500_000, sender, receiver), (900_000, receiver, sender)):
            wait(lambda: last_bytes(sender) > least, "data")
            begun = time.monotonic()
            told_before = len(other.events)
            one.process.send_signal(signal.SIGUSR1)
            wait(lambda: any(event.get("paused-there") for event in other.events[told_before:]), "the pause to be heard")
            took = time.monotonic() - begun
            assert took < 2, f"the other side heard of a pause after {took:.2f} s"
            print(f"the {'sender' if one is sender else 'receiver'} pauses: heard after {took:.2f} s")
            time.sleep(max(0.0, 1 - took))  # within a second nothing moves any more; the time is what is tested
            stored = last_bytes(receiver), len(receiver.events)
            time.sleep(1.5)
            # The word of half a second ago may be the last one.
            moved = last_bytes(receiver) - stored[0]
            assert moved <= 262_144, f"{moved} bytes were stored in the pause"
            one.process.send_signal(signal.SIGUSR2)
        wait(lambda: sender.status() is not None and receiver.status() is not None, "the end")
        assert (world.target / "a").read_bytes() == source.read_bytes()


def a_transfer_whose_connection_fails_at_first_is_tried_again_and_says_so(options):
    with contextlib.closing(World(options, 20, 50)) as world:
        receiver = world.receive()
        source = world.file("a", 1_000_000)
        world.part()
        sender = world.launch("a", f"rtcfilesink user=alice peer=bob server=SERVER setup-timeout=3000 location={source}")
        wait(lambda: told(sender, "state=(string)interrupted"), "the failure")
        assert sender.status() is None
        world.join()
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() == 0, sender.events[-5:]
        assert (world.target / "a").read_bytes() == source.read_bytes()
        assert receiver.status() is None


def a_transfer_whose_connection_never_comes_about_is_given_up_in_time(options):
    with contextlib.closing(World(options, 20, 50)) as world:
        world.receive()
        world.part()
        begun = time.monotonic()
        sender = world.launch("a", "rtcfilesink user=alice peer=bob server=SERVER setup-timeout=1500 resume-timeout=4000 "
                                   f"location={world.file('a', 1_000)}")  # fmt: skip
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() != 0 and told(sender, "no connection to the other side for too long"), sender.events[-5:]
        assert time.monotonic() - begun < 15
        assert not list(world.target.iterdir())


def a_pipe_of_unknown_length_arrives_in_a_pipe(options):
    with contextlib.closing(World(options, 2, 400)) as world:
        source, copy = world.file("a", 5_000_001), world.folder / "copy"
        receiver = world.start("b", "sh", "-c", f"gst-launch-1.0 -m rtcfilesrc user=bob server={world.server} ! fdsink fd=3 3> {copy}")
        wait(lambda: any("(string)online" in event.get("text", "") for event in list(receiver.events)), "the receiver")
        sender = world.start("a", "sh", "-c", f"cat {source} | gst-launch-1.0 fdsrc ! rtcfilesink user=alice peer=bob server={world.server}")
        wait(lambda: sender.status() is not None and receiver.status() is not None, "the end")
        assert (sender.status(), receiver.status()) == (0, 0), (sender.events[-3:], receiver.events[-3:])
        assert copy.read_bytes() == source.read_bytes()


def ten_thousand_small_files_arrive(options):
    with contextlib.closing(World(options, 2, 400)) as world:
        many = world.folder / "many"
        for number in range(100):
            (many / str(number)).mkdir(parents=True)
            for one in range(100):
                (many / str(number) / str(one)).write_bytes(os.urandom(31 * one))
        receiver = world.receive()
        begun = time.monotonic()
        sender = world.send(many)
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() == 0, sender.events[-3:]
        print(f"10,000 files: {time.monotonic() - begun:.1f} s, the receiver's peak {peak_memory(receiver) >> 20} MiB")
        assert peak_memory(receiver) < MOST_MEMORY
        subprocess.run(["diff", "-r", str(many), str(world.target / "many")], check=True)


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


def a_quota_ends_it_and_both_are_told(options):
    with contextlib.closing(World(options, 2, 400)) as world:
        receiver = world.receive("env", f"LD_PRELOAD={options.over_quota}", "RTC_TEST_QUOTA=8000000")
        sender = world.send(world.file("a", 20_000_000))  # asked for beforehand
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() != 0 and told(sender, "no_space"), sender.events[-3:]
        stream = world.file("b", 12_000_000)  # nobody can
        sender = world.launch("a", f"filesrc location={stream} ! rtcfilesink user=alice peer=bob server=SERVER")
        wait(lambda: sender.status() is not None, "the sender's end")
        assert sender.status() != 0 and told(sender, "no_space"), sender.events[-3:]
        wait(lambda: told(receiver, "Disk quota exceeded"), "the receiver's word")
        assert not (world.target / "a").exists() and not (world.target / "stream").exists()


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
    either_side_pauses_at_once_on_a_slow_link,
    a_transfer_whose_connection_fails_at_first_is_tried_again_and_says_so,
    a_transfer_whose_connection_never_comes_about_is_given_up_in_time,
    a_pipe_of_unknown_length_arrives_in_a_pipe,
    ten_thousand_small_files_arrive,
    a_reader_that_stalls_holds_both_sides_in_bounded_memory,
    a_disk_that_is_too_small_refuses_beforehand,
    a_disk_that_fills_up_in_the_middle_ends_it_and_both_are_told,
    a_quota_ends_it_and_both_are_told,
    a_folder_that_cannot_be_written_is_told_to_nobody_but_its_owner,
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("signald")
    parser.add_argument("rtc_call")
    parser.add_argument("relay")
    parser.add_argument("over_quota")
    parser.add_argument("tests", nargs="*", default=[test.__name__ for test in TESTS])
    options = parser.parse_args()
    relayed_path.isolate("RTC_PATH_TEST_ISOLATED")
    failed = 0
    for test in [test for test in TESTS if test.__name__ in options.tests]:
        try:
            test(options)
            print(f"ok: {test.__name__}", flush=True)
        except AssertionError as error:
            failed += 1
            print(f"FAILED: {test.__name__}: {error}", flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
