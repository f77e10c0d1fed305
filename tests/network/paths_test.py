#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""paths_test.py RTC_SIGNALD RTC_CALL A B direct|relayed: a call from a site of kind A to one of kind B (world.py).

Picture and sound must pass both ways, over the path that the two routers allow and over no other.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import threading

import world

PASSED = 1_000_000  # bytes; a call of a few seconds through the relay is more, all its signaling and checks are far less
SECONDS = 6  # of the call
DEADLINE = 60  # seconds for the whole of it
TURN_USER, TURN_PASSWORD = "site", "let-me-through"


class Program:
    """A program on a host, whose lines are kept."""

    def __init__(self, host, *command):
        self.process = subprocess.Popen(
            host.command(*command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.changed.notify_all()

    def line_with(self, text):
        def found():
            return next((line for line in self.lines if text in line), None)

        with self.changed:
            if not self.changed.wait_for(found, DEADLINE):
                raise RuntimeError(f"{self.process.args}: no line with '{text}' in {self.lines}")
            return found()

    def finish(self):
        status = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        return status

    def most(self, field):
        """The largest value that a statistic had."""
        events = (json.loads(line) for line in self.lines if line.startswith("{"))
        return max((event.get(field, 0) for event in events if event.get("event") == "stats"), default=0)


def turn_server(public, folder):
    """Relays to public addresses only, over UDP and TCP."""
    return Program(
        public, "turnserver", "-n", "--no-cli", "--no-tls", "--no-dtls", "--log-file", "stdout", "--simple-log", "--verbose",
        "--listening-ip", world.TURN, "--relay-ip", world.TURN, "--realm", "world", "--lt-cred-mech",
        "--user", f"{TURN_USER}:{TURN_PASSWORD}", "--userdb", str(folder / "users"), "--pidfile", str(folder / "pid"),
    )  # fmt: skip


def main(signald, rtc_call, kind_a, kind_b, expected):
    internet = world.World()
    a, b = internet.site(1, kind_a), internet.site(2, kind_b)
    with tempfile.TemporaryDirectory() as name:
        turn = turn_server(internet.public, pathlib.Path(name))
        turn.line_with("IPv4. TCP listener opened")
        relay = f"turn:{TURN_USER}:{TURN_PASSWORD}@{world.TURN}:3478"
        ice = [f"stun:{world.TURN}:3478", f"{relay}?transport=udp", f"{relay}?transport=tcp"]
        service = Program(
            internet.public, signald, "--listen", world.SERVICE, "--port", "0", "--insecure-open",
            *(option for server in ice for option in ("--ice-server", server)),
        )  # fmt: skip
        server = service.line_with("listening on ").split()[-1]

        media = ["--server", server, "--json", "--no-display", "--video", "test", "--audio", "test"]
        bob = Program(b, rtc_call, "answer", "--once", "--user", "bob", *media)
        bob.line_with('"online"')
        alice = Program(a, rtc_call, "dial", "bob", "--user", "alice", "--duration", str(SECONDS), *media)
        ends = {"alice": alice.finish(), "bob": bob.finish()}
        relayed = "relayed" if internet.relayed_bytes() > PASSED else "direct"

        problems = [f"{who} exited with {status}" for who, status in ends.items() if status != 0]
        for party in (alice, bob):
            if party.most("video-in-decoded") < 30 or party.most("audio-in-packets") < 50:
                problems.append(f"media did not pass: {party.lines[-4:]}")
        if relayed != expected:
            problems.append(f"the path was {relayed}: {internet.relayed_bytes()} bytes went to the relay")
        for program in (service, turn):
            program.process.terminate()
            program.finish()
    print(f"{kind_a} to {kind_b}: {relayed}", *problems, sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    world.isolate()
    sys.exit(main(*sys.argv[1:]))
