#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""aiortc_test.py RTC_SIGNALD: aiortc, a stack that shares no code with ours or the browsers', calls and is called.

It gathers no loopback candidates, so the calls are in a network with an interface of its own. Exit status 77: it is not installed.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import world

SIGNALD = sys.argv[1]
DEBIANS_PYTHON = "/usr/bin/python3"  # the one that its packages are for
PEER = pathlib.Path(__file__).with_name("aiortc_peer.py")
DEADLINE = 60  # seconds; two software codecs in Python on a loaded machine


class Program:
    """What it prints, and that it is gone after the test."""

    def __init__(self, test, command, env=None):
        self.process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        test.addCleanup(self.stop)

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.changed.notify_all()

    def until(self, what, predicate):
        """The first line that fits."""

        def found():
            return next((line for line in self.lines if predicate(line)), None)

        with self.changed:
            if self.changed.wait_for(lambda: found() is not None, DEADLINE):
                return found()
        raise AssertionError(f"not within {DEADLINE} s: {what}\n" + "\n".join(self.lines[-40:]))

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


def fields(line):
    return json.loads(line) if line.startswith("{") else {}


class Aiortc(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.env = {**os.environ, "GST_REGISTRY": f"{folder.name}/registry.bin"}
        service = Program(self, [SIGNALD, "--listen", "127.0.0.1", "--port", "0"])
        greeting = "listening on "
        self.server = service.until("the service", lambda line: line.startswith(greeting)).removeprefix(greeting)

    def launch(self, properties):
        line = f"""-m rtcsignalsink name=out server={self.server} user=ours {properties} rtcsignalsrc name=in
            videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! out.video_0
            audiotestsrc is-live=true ! out.audio_0 in. ! video/x-raw ! fakesink in. ! audio/x-raw ! fakesink"""
        return Program(self, ["gst-launch-1.0", *line.split()], self.env)

    def peer(self, *arguments):
        return Program(self, [DEBIANS_PYTHON, str(PEER), self.server, "theirs", *arguments])

    def both_see_and_hear(self, ours, theirs):
        theirs.until(
            "aiortc sees and hears",
            lambda line: fields(line).get("video", 0) > 20 and fields(line).get("loudness", 0) > 1_000,
        )
        ours.until("frames that aiortc sends", lambda line: "rtc-stats" in line and count(line, "video-in-decoded") > 20)
        ours.until("sound that aiortc sends", lambda line: "rtc-stats" in line and count(line, "audio-in-packets") > 50)

    def call(self, codec, ours_calls):
        if ours_calls:
            theirs = self.peer()
            theirs.until("aiortc is online", lambda line: fields(line).get("state") == "online")
            ours = self.launch(f"video-codecs={codec} peer=theirs")
        else:
            ours = self.launch(f"video-codecs={codec}")
            ours.until("ours is online", lambda line: "rtc-session" in line and "online" in line)
            theirs = self.peer("ours")
        self.both_see_and_hear(ours, theirs)

    def test_it_calls_us_in_vp8(self):
        self.call("vp8", ours_calls=False)

    def test_we_call_it_in_vp8(self):
        self.call("vp8", ours_calls=True)

    def test_it_calls_us_in_h264(self):
        self.call("h264", ours_calls=False)

    def test_we_call_it_in_h264(self):
        self.call("h264", ours_calls=True)


def count(line, field):
    _, _, rest = line.partition(f"{field}=(guint64)")
    return int(rest.split(",")[0].strip(";")) if rest else 0


def main():
    installed = [DEBIANS_PYTHON, "-c", "import aiortc, websockets"]
    if subprocess.run(installed, capture_output=True, check=False).returncode != 0:
        print("skipped: there is no aiortc (Debian packages python3-aiortc and python3-websockets)")
        sys.exit(world.SKIPPED)
    world.isolate()
    world.run("ip", "link", "set", "lo", "up")
    world.run("ip", "link", "add", "call", "type", "veth", "peer", "name", "far_end")
    world.run("ip", "address", "add", "192.0.2.1/24", "dev", "call")
    for device in ("call", "far_end"):
        world.run("ip", "link", "set", device, "up")
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
