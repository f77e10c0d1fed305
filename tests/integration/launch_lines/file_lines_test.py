#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""file_lines_test.py RTC_SIGNALD SOURCE_ROOT: runs the launch lines for files that the documents show, as they stand.

Each line that receives stands before the one that sends to it. Both must end by themselves, with status 0, and what was received
must be what was sent.
"""

import filecmp
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

SIGNALD, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
DEADLINE = 60


def launch_lines(document):
    text = re.sub(r"^[ \t]*(?:\*|//)[ \t]?", "", document.read_text(), flags=re.M)
    yield from (line for line in text.splitlines() if line.startswith("gst-launch-1.0 ") and "rtcfile" in line)


def pairs():
    """The two elements' own lines belong together as well."""
    for document in (ROOT / "README.md", ROOT / "docs" / "files.md"):
        lines = list(launch_lines(document))
        assert lines and len(lines) % 2 == 0, f"{document}: {lines}"
        yield from zip(lines[::2], lines[1::2])
    elements = ROOT / "plugins" / "file"
    yield (*launch_lines(elements / "gstrtcfilesrc.cpp"), *launch_lines(elements / "gstrtcfilesink.cpp"))


def start(line, folder, env):
    program, *arguments = shlex.split(line)
    return subprocess.Popen(
        [program, *(["-m"] if "-m" not in arguments else []), *arguments], cwd=folder, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def hand_over(receiving, sending, server):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "a.iso").write_bytes(os.urandom(5_000_001))
        (folder / "photos" / "2026").mkdir(parents=True)
        for number in range(20):
            (folder / "photos" / "2026" / f"{number}.jpg").write_bytes(os.urandom(number * 1_000))
        (folder / "received").mkdir()
        env = {**os.environ, "RTC_SERVER": server, "GST_REGISTRY": f"{name}/registry.bin"}
        if "RTC_SANITIZER" in env:
            env.update(LD_PRELOAD=env["RTC_SANITIZER"], GST_REGISTRY_FORK="no")
        receiver = start(receiving, folder, env)
        told = ""
        while "state=(string)online" not in told:
            told = receiver.stdout.readline()
            assert told, f"it ended: {receiving}"
        sender = start(sending, folder, env)
        for process in (sender, receiver):
            try:
                output, _ = process.communicate(timeout=DEADLINE)
            except subprocess.TimeoutExpired:
                for each in (sender, receiver):
                    each.kill()
                raise
            assert process.returncode == 0, f"{process.args} ended with {process.returncode}\n{output[-3000:]}"
            assert "CRITICAL" not in output and "AddressSanitizer" not in output, output[-3000:]
        if "directory=" in receiving:
            compared = filecmp.dircmp(folder / "photos" / "2026", folder / "received" / "photos" / "2026")
            assert len(compared.same_files) == 20 and not compared.left_only, compared.report()
        else:
            assert filecmp.cmp(folder / "a.iso", folder / "copy.iso", shallow=False), "the copy differs"


def main():
    command = [SIGNALD, "--listen", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as service:
        try:
            server = service.stdout.readline().split()[-1]
            for receiving, sending in pairs():
                print(f"{receiving}\n{sending}", flush=True)
                hand_over(receiving, sending, server)
        finally:
            service.terminate()


if __name__ == "__main__":
    main()
