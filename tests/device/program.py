# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs whose lines, and rtc-call's events, are waited for."""

import json
import signal
import subprocess
import sys
import threading
import time

PATIENCE = 60  # seconds for any one thing
LOUD = -60  # dB: the ticks that a test lets a microphone hear are louder
SKIPPED = 77  # as meson has it


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def until(holds, failure):
    """Waits for what tells nobody when it is so. `failure` gives the words if it never is."""
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise RuntimeError(failure())
        time.sleep(0.05)


def has(words):
    return lambda text: text is not None and words in text


def more_than(number):
    return lambda value: value is not None and value > number


def loud(line):
    """Of gst-launch -m: a message of the element level about sound that is to be heard."""
    words = line.partition("rms=(GValueArray)<")[2]
    return bool(words) and max(float(word.strip(" <>;")) for word in words.partition(">")[0].split(",")) > LOUD


def fits(name, members):
    def is_one(line):
        event = json.loads(line) if line.startswith("{") else {}
        return event.get("event") == name and all(
            test(event.get(member)) if callable(test) else event.get(member) == test for member, test in members.items()
        )

    return is_one


class Program:
    """Runs until the end of its `with`."""

    def __init__(self, *command, env=None):
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
        )
        self.lines, self.next = [], 0
        self.silent = False  # nothing more will come
        self.changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append(line.strip())
                self.changed.notify_all()
        with self.changed:
            self.silent = True
            self.changed.notify_all()

    def _first(self, wanted, start):
        def found():
            return next((i for i in range(start, len(self.lines)) if wanted(self.lines[i])), None)

        with self.changed:
            self.changed.wait_for(lambda: found() is not None or self.silent, PATIENCE)
            if found() is None:
                said = "\n  ".join(line for line in self.lines if '"event":"stats"' not in line)
                last = next((line for line in reversed(self.lines) if '"event":"stats"' in line), "")
                raise RuntimeError(f"{' '.join(self.process.args)}: what was awaited did not come after\n  {said}\n  {last}")
            return found()

    def line(self, wanted):
        """The next line of which `wanted` is true."""
        self.next = self._first(wanted, self.next) + 1
        return self.lines[self.next - 1]

    def event(self, name, **members):
        """rtc-call's next event of this name with these members; a callable one is asked."""
        return json.loads(self.line(fits(name, members)))

    def catch_up(self):
        """What it has said so far is past."""
        with self.changed:
            self.next = len(self.lines)

    def told(self, name, **members):
        """The first such event, whatever came since."""
        return json.loads(self.lines[self._first(fits(name, members), 0)])

    def stop(self):
        """As Ctrl-C does; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
