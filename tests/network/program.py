# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs on the hosts of a small internet (world.py), and the calls between them."""

import json
import pathlib
import subprocess
import tempfile
import threading
import time

import world

DEADLINE = 60  # seconds for whatever a test waits for
TURN_USER, TURN_PASSWORD = "site", "let-me-through"


class Program:
    """A program on a host, whose lines are kept, each with its time."""

    def __init__(self, host, *command):
        self.process = subprocess.Popen(
            host.command(*command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        self.times = []
        self.silent = False  # nothing more will come
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.times.append(time.monotonic())
                self.changed.notify_all()
        with self.changed:
            self.silent = True
            self.changed.notify_all()

    def line_with(self, text, after=0, deadline=DEADLINE):
        """The first line with the text among those from number `after` on."""
        return self.lines[self.index_of(text, after, deadline)]

    def index_of(self, text, after=0, deadline=DEADLINE):
        return self.index(lambda line: text in line, f"with '{text}'", after, deadline)

    def index(self, fits, what, after=0, deadline=DEADLINE):
        def found():
            return next((i for i, line in enumerate(self.lines) if i >= after and fits(line)), None)

        with self.changed:
            self.changed.wait_for(lambda: found() is not None or self.silent, deadline)
            if found() is None:
                raise RuntimeError(f"{self.process.args}: no line {what} in {self.lines[-20:]}")
            return found()

    def finish(self):
        status = self.process.wait(DEADLINE)
        self.reader.join(DEADLINE)
        return status

    def end(self):
        """Ends it, if it still runs."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.finish()

    def events(self, name):
        events = (json.loads(line) for line in list(self.lines) if line.startswith("{"))
        return [event for event in events if event.get("event") == name]

    def told(self, since):
        """What was said but statistics, with the seconds since that time."""
        return [
            f"{moment - since:+.1f} {line}" for moment, line in zip(self.times, self.lines) if '"event":"stats"' not in line
        ]

    def most(self, field):
        """The largest value that a statistic had."""
        return max((event.get(field, 0) for event in self.events("stats")), default=0)

    def last(self, field):
        return next((event[field] for event in reversed(self.events("stats")) if field in event), 0)


class Meeting:
    """The service and a TURN server of a world, and calls that are made with them."""

    def __init__(self, internet, signald, rtc_call, ipv6=False, tls=False):
        self.internet, self.rtc_call = internet, rtc_call
        self.folder = tempfile.TemporaryDirectory()
        place = pathlib.Path(self.folder.name)
        self.programs = []
        address = world.TURN6 if ipv6 else world.TURN
        self.certificate = world.certificate(place, address) if tls else None
        secure = ["--cert", place / "cert.pem", "--pkey", place / "key.pem", "--no-dtls"] if tls else ["--no-tls", "--no-dtls"]
        turn = self._start(
            internet.public, "turnserver", "-n", "--no-cli", *secure, "--log-file", "stdout", "--simple-log", "--verbose",
            "--listening-ip", address, "--relay-ip", address, "--realm", "world", "--lt-cred-mech",
            "--user", f"{TURN_USER}:{TURN_PASSWORD}", "--userdb", place / "users", "--pidfile", place / "pid",
        )  # fmt: skip
        turn.line_with("TLS/TCP listener opened" if tls else "TCP listener opened")
        host = f"[{address}]" if ipv6 else address
        relay = f"turn:{TURN_USER}:{TURN_PASSWORD}@{host}:3478"
        ice = [f"stun:{host}:3478", f"{relay}?transport=udp", f"{relay}?transport=tcp"]
        if tls:
            ice = [f"turns:{TURN_USER}:{TURN_PASSWORD}@{host}:5349?transport=tcp"]
        options = [option for server in ice for option in ("--ice-server", server)]
        listen = world.SERVICE6 if ipv6 else world.SERVICE
        service = self._start(internet.public, signald, "--listen", listen, "--port", "0", "--insecure-open", *options)
        self.server = service.line_with("listening on ").split()[-1]

    def _start(self, host, *command):
        program = Program(host, *(str(word) for word in command))
        self.programs.append(program)
        return program

    def _party(self, host, *words):
        media = ["--server", self.server, "--json", "--no-display", "--video", "test", "--audio", "test"]
        return self._start(host, self.rtc_call, *words, *media)

    def call(self, a, b, *options):
        """Alice on host a calls Bob on host b: both programs, once Bob is online and Alice has been started."""
        bob = self._party(b, "answer", "--once", "--user", "bob", *options)
        bob.line_with('"online"')
        return self._party(a, "dial", "bob", "--user", "alice", *options), bob

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.end()
        self.folder.cleanup()
