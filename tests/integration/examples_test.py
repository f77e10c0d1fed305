#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""examples_test.py RTC_SIGNALD CALL_C CALL_CPP CALL_PY: the examples call each other, in a ring."""

import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import unittest

DEADLINE = 60  # seconds for any one line
SIGNALD, *EXAMPLES = sys.argv[1:]
PYTHON = "/usr/bin/python3"  # the one that Debian's python3-gi is for, whatever else is installed


class Program:
    def __init__(self, case, command, env=None):
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        reader = threading.Thread(target=self._read)
        reader.start()

        def end():
            self.process.kill()
            self.process.wait()
            reader.join()
            self.process.stdout.close()

        case.addCleanup(end)

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())
        self.lines.put("the end")

    def wait_for(self, *wanted):
        """All these lines, in whatever order."""
        missing = set(wanted)
        while missing:
            line = self.lines.get(timeout=DEADLINE)
            if line == "the end":
                raise AssertionError(f"{self.process.args} ended without {missing}")
            missing.discard(line)


def command(example):
    return [PYTHON, example] if example.endswith(".py") else [example]


class Examples(unittest.TestCase):
    def test_each_calls_the_next_and_each_is_short(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        # Who is killed does not come back: the service waits no longer than it must.
        service = Program(self, [SIGNALD, "--listen", "127.0.0.1", "--port", "0", "--resume-timeout", "1"])
        server = service.lines.get(timeout=DEADLINE).removeprefix("listening on ")
        # No window and no loudspeaker in a test: the automatic sinks choose these.
        env = {
            **os.environ,
            "GST_REGISTRY": f"{folder.name}/registry.bin",
            "GST_PLUGIN_FEATURE_RANK": "fakevideosink:MAX,fakeaudiosink:MAX",
        }
        for index, example in enumerate(EXAMPLES):
            with self.subTest(pathlib.Path(example).name):
                callee = Program(self, [*command(EXAMPLES[index - 1]), server, f"callee{index}"], env)
                callee.wait_for("login online")
                caller = Program(self, [*command(example), server, f"caller{index}", f"callee{index}"], env)
                for side in (caller, callee):
                    side.wait_for("call connected", "stream video", "stream audio")
                # Whoever is killed says nothing; the other notices, and ends by itself.
                caller.process.kill()
                callee.wait_for("call ended")
                self.assertEqual(callee.process.wait(DEADLINE), 0)

    def test_they_are_under_80_lines(self):
        root = pathlib.Path(EXAMPLES[-1]).parent
        for name in ("call.c", "call.cpp", "call.py"):
            self.assertLess(len((root / name).read_text().splitlines()), 80, name)


unittest.main(argv=sys.argv[:1])
