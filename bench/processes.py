# SPDX-License-Identifier: LGPL-2.1-or-later
"""Programs that a benchmark starts and ends, and what the kernel says each one costs."""

import os
import pathlib
import queue
import re
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
DEADLINE = 60  # seconds for any one step


class Process:
    def __init__(self, *command, **options):
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **options
        )
        self.proc = pathlib.Path(f"/proc/{self.process.pid}")
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def wait_for(self, pattern, count=1, deadline=DEADLINE):
        """The matches of the first `count` lines that have the pattern."""
        found, end = [], time.monotonic() + deadline
        while len(found) < count:
            try:
                line = self.lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise RuntimeError(f"{len(found)} of {count} within {deadline} s: {pattern}") from None
            if line is None:
                raise RuntimeError(f"{self.process.args[0]} ended with {self.process.wait()} before: {pattern}")
            if match := re.search(pattern, line):
                found.append(match)
        return found

    def forget(self):
        while not self.lines.empty():
            self.lines.get()

    def cpu(self):
        """Seconds of user and system time so far."""
        fields = (self.proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        """Resident MiB."""
        return int(re.search(r"VmRSS:\s+(\d+)", (self.proc / "status").read_text())[1]) / 1024

    def threads(self):
        return len(list((self.proc / "task").iterdir()))

    def descriptors(self):
        return len(list((self.proc / "fd").iterdir()))

    def stop(self):
        self.process.terminate()
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


class Family:
    """A process and all that it started, as browsers do, together."""

    def __init__(self, pid):
        self.pid = pid

    def _members(self):
        children = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has just ended
            children.setdefault(int(fields[1]), []).append((int(stat.parent.name), fields))
        rest = [self.pid]
        while rest:
            for pid, fields in children.get(rest.pop(), []):
                rest.append(pid)
                yield pid, fields

    def cpu(self):
        """Seconds of user and system time so far of all but the first one."""
        return sum(int(fields[11]) + int(fields[12]) for _, fields in self._members()) / TICKS

    def memory(self):
        """MiB of all but the first one; what they share counts once."""
        kibibytes = 0
        for pid, _ in self._members():
            try:
                kibibytes += int(re.search(r"Pss:\s+(\d+)", pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text())[1])
            except OSError:
                continue
        return kibibytes / 1024


def service():
    """An open rtc-signald on a free port, and its address."""
    signald = Process("rtc-signald", "--listen", "127.0.0.1", "--port", "0")
    return signald, signald.wait_for(r"listening on (\S+)")[0][1]


def launch(server, *arguments):
    """gst-launch-1.0, its messages printed."""
    return Process("gst-launch-1.0", "-m", *" ".join(arguments).split(), env={**os.environ, "RTC_SERVER": server})
