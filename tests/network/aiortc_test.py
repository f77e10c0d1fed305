#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""aiortc_test.py RTC_SIGNALD: aiortc, a stack that shares no code with ours or the browsers', calls and is called.

It gathers no loopback candidates, so each is on a host of its own. Exit status 77: it is not installed.
"""

import json
import pathlib
import subprocess
import sys
import unittest

import world
from program import Program

SIGNALD = sys.argv[1]
DEBIANS_PYTHON = "/usr/bin/python3"  # the one that its packages are for
PEER = pathlib.Path(__file__).with_name("aiortc_peer.py")


def said(line, field):
    """The number that aiortc's side gives a field in one of its lines."""
    return json.loads(line).get(field, 0) if line.startswith("{") else 0


def count(line, field):
    """The number that a field of `rtc-stats` has in a line of gst-launch."""
    _, _, rest = line.partition(f"{field}=(guint64)")
    return int(rest.split(",")[0].strip(";")) if rest else 0


class Aiortc(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.internet = world.World()
        cls.our_host, cls.their_host = cls.internet.site(1, "open"), cls.internet.site(2, "open")

    def setUp(self):
        listen = ["--listen", world.SERVICE, "--port", "0", "--insecure-open"]
        self.server = self.start(self.internet.public, SIGNALD, *listen).line_with("listening on ").split()[-1]

    def start(self, host, *command):
        program = Program(host, *command)
        self.addCleanup(program.end)
        return program

    def launch(self, properties):
        line = f"""-m rtcsignalsink name=out server={self.server} user=ours {properties} rtcsignalsrc name=in
            videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=15/1 ! out.video_0
            audiotestsrc is-live=true ! out.audio_0 in. ! video/x-raw ! fakesink in. ! audio/x-raw ! fakesink"""
        return self.start(self.our_host, "gst-launch-1.0", *line.split())

    def peer(self, *arguments):
        return self.start(self.their_host, DEBIANS_PYTHON, str(PEER), self.server, "theirs", *arguments)

    def both_see_and_hear(self, ours, theirs):
        theirs.index(lambda line: said(line, "video") > 20 and said(line, "loudness") > 1_000, "of pictures and sound")
        ours.index(lambda line: count(line, "video-in-decoded") > 20, "of pictures that aiortc sends")
        ours.index(lambda line: count(line, "audio-in-packets") > 50, "of sound that aiortc sends")

    def call(self, codec, ours_calls):
        if ours_calls:
            theirs = self.peer()
            theirs.line_with('"online"')
            ours = self.launch(f"video-codecs={codec} peer=theirs")
        else:
            ours = self.launch(f"video-codecs={codec}")
            ours.index(lambda line: "rtc-session" in line and "online" in line, "that says that ours is online")
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


def main():
    installed = [DEBIANS_PYTHON, "-c", "import aiortc, websockets"]
    if subprocess.run(installed, capture_output=True, check=False).returncode != 0:
        print("skipped: there is no aiortc (Debian packages python3-aiortc and python3-websockets)")
        sys.exit(world.SKIPPED)
    world.isolate()
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
