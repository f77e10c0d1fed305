#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""launch_lines_test.py RTC_SIGNALD SOURCE_ROOT: runs every launch line that the documents show, as it stands.

In one document (the elements' own documentation counts as one) the lines that wait run first, then those that call (`peer=`).
They call each other, at one rtc-signald. A line passes when it was in a call and media passed: frames went out of an
rtcsignalsink, decoded frames came out of an rtcsignalsrc, a data channel opened for an rtcdatasink or rtcdatasrc.
"""

import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

FIELD = re.compile(r'([\w-]+)=\([\w:]+\)("(?:[^"\\]|\\.)*"|[^,;]*)')
DEADLINE = 30  # seconds until media must have passed; twice what a loaded machine was seen to need
SIGNALD, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])


def launch_lines(*documents):
    """The lines that begin with the program's name, without a comment's leader and with continued lines joined."""
    for document in documents:
        text = re.sub(r"^[ \t]*(?:\*|//)[ \t]?", "", document.read_text(), flags=re.M).replace("\\\n", " ")
        shown = (line.strip() for line in text.splitlines() if line.startswith("gst-launch-1.0 "))
        # Those for files end by themselves: file_lines_test.py.
        yield from (line for line in shown if "rtcfile" not in line)


def scenes():
    """Lines that belong together: those of one document, and those of the elements' own documentation."""
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        yield document.name, list(launch_lines(document))
    yield "the elements", list(launch_lines(*sorted((ROOT / "plugins").rglob("gstrtc*.cpp"))))


def property_of(line, name):
    found = re.search(rf"\b{name}=(\S+)", line)
    return found and found[1]


class Process:
    """A program whose output lines are kept, and can be waited for."""

    def __init__(self, command, env=None):
        self.process = subprocess.Popen(
            command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.rstrip())
                self.changed.notify_all()

    def wait_for(self, predicate, what):
        with self.changed:
            if self.changed.wait_for(lambda: predicate(self.lines), DEADLINE):
                return
        raise AssertionError(f"not within {DEADLINE} s: {what}\n" + "\n".join(self.lines[-40:]))

    def stop(self):
        """As Ctrl-C does; the process must go by itself."""
        if self.process.returncode is not None:
            return self.process.returncode
        self.process.send_signal(signal.SIGINT)
        try:
            status = self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = "killed: it did not end"
        self.reader.join()
        self.process.stdout.close()
        return status


class Pipeline(Process):
    """gst-launch-1.0, with its messages printed."""

    def __init__(self, line, env):
        program, *arguments = shlex.split(line)
        self.line = line
        self.users = re.findall(r"\buser=(\S+)", line)
        super().__init__([program, "-m", *arguments], env)

    def messages(self, name):
        for line in self.lines:
            head, separator, fields = line.partition(f": {name}, ")
            if separator and "(element)" in head:
                yield {key: value.strip('"') for key, value in FIELD.findall(fields)}

    def wait_for_message(self, name, what, **expected):
        def told(_lines):
            return any(all(test(m.get(key.replace("_", "-"), "")) for key, test in expected.items())
                       for m in self.messages(name))  # fmt: skip

        self.wait_for(told, f"{what} in: {self.line}")

    def wait_online(self):
        for user in self.users:
            self.wait_for_message(
                "rtc-session", f"{user} online", state=lambda state: state == "online", user=lambda name, user=user: name == user
            )

    def wait_for_media(self, peer=None):
        matches = (lambda name: name == peer) if peer else (lambda name: True)

        def more_than(count):
            return lambda value: value.isdigit() and int(value) > count

        self.wait_for_message("rtc-call", "connected", state=lambda state: state == "connected", peer=matches)
        if "rtcsignalsink" in self.line:
            self.wait_for_message("rtc-stats", "frames sent", video_out_frames=more_than(20), peer=matches)
        if "rtcsignalsrc" in self.line:
            self.wait_for_message("rtc-stats", "frames decoded", video_in_decoded=more_than(20), peer=matches)
            if "output=" not in self.line:
                self.wait_for_message("rtc-stats", "a picture", video_in_width=more_than(0), peer=matches)
        if "rtcdata" in self.line:
            self.wait_for_message("rtc-data", "an open channel", state=lambda state: state == "open", peer=matches)
        if "in.audio" in self.line:
            self.wait_for_message("rtc-stats", "sound", audio_in_packets=more_than(20), peer=matches)

    def calls_now(self):
        """The rtc-stats of the last second or so, by peer."""
        latest = {}
        for message in self.messages("rtc-stats"):
            latest[message["peer"]] = message
        return latest


class LaunchLines(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        # No window and no loudspeaker in a test: the automatic sinks choose these, which keep time as real ones do.
        ranks = "fakevideosink:MAX,fakeaudiosink:MAX"
        self.env = {**os.environ, "GST_REGISTRY": f"{folder.name}/registry.bin", "GST_PLUGIN_FEATURE_RANK": ranks}
        if "RTC_SANITIZER" in os.environ:
            self.env.update(LD_PRELOAD=os.environ["RTC_SANITIZER"], GST_REGISTRY_FORK="no")
        subprocess.run(["gst-inspect-1.0", "rtcsignalsink"], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def serve(self):
        service = Process([SIGNALD, "--listen", "127.0.0.1", "--port", "0"])
        self.addCleanup(service.stop)
        greeting = "listening on "
        service.wait_for(lambda lines: any(line.startswith(greeting) for line in lines), "rtc-signald's address")
        self.env["RTC_SERVER"] = next(line for line in service.lines if line.startswith(greeting)).removeprefix(greeting)

    def launch(self, line):
        pipeline = Pipeline(line, self.env)
        self.addCleanup(self.end, pipeline)
        pipeline.wait_online()
        return pipeline

    def end(self, pipeline):
        if pipeline.process.returncode is not None:
            return
        status = pipeline.stop()
        self.assertEqual(status, 0, f"{pipeline.line}\n" + "\n".join(pipeline.lines[-40:]))
        bad = [line for line in pipeline.lines if "CRITICAL" in line or "AddressSanitizer" in line]
        self.assertEqual(bad, [], pipeline.line)

    def test_every_line_of_every_document_passes_media(self):
        shown = dict(scenes())
        self.assertGreaterEqual(len(shown["README.md"]), 3)
        for name, lines in shown.items():
            if not lines:
                continue
            with self.subTest(name):
                self.serve()
                waiting = [line for line in lines if not property_of(line, "peer")]
                calling = [line for line in lines if property_of(line, "peer")]
                pipelines = [self.launch(line) for line in waiting + calling]
                for pipeline in pipelines:
                    pipeline.wait_for_media()
                for pipeline in reversed(pipelines):
                    self.end(pipeline)

    def test_a_third_joins_a_sender_that_encodes_once(self):
        self.serve()
        lines = list(launch_lines(ROOT / "README.md"))
        sender = self.launch(next(line for line in lines if property_of(line, "user") == "cam"))
        shown = next(line for line in lines if property_of(line, "peer") == "cam")
        viewer = self.launch(shown)
        viewer.wait_for_media("cam")
        third = self.launch(shown.replace("user=viewer", "user=third"))
        third.wait_for_media("cam")
        for user in ("viewer", "third"):
            sender.wait_for_message("rtc-stats", f"sending to {user}", peer=lambda peer, user=user: peer == user)
        told_before = len(sender.lines)
        sender.wait_for(
            lambda lines: {"viewer", "third"}
            <= {name for name in ("viewer", "third") for line in lines[told_before:] if f"peer=(string){name}" in line},
            "statistics of both viewers at once",
        )
        for peer, message in sender.calls_now().items():
            self.assertEqual(message["encoders"], "1", f"encoders while sending to {peer}")
        decoded = int(viewer.calls_now()["cam"]["video-in-decoded"])
        viewer.wait_for_message(
            "rtc-stats", "the first viewer's picture goes on", video_in_decoded=lambda value: int(value or 0) > decoded + 30
        )


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
