# SPDX-License-Identifier: LGPL-2.1-or-later
"""The ways to send one file that bench/files.py compares. Each takes the path, the source and the target, and gives the seconds that
the bytes took, by the word of the receiver, and the processes of both ends; or nothing if it failed.
"""

import collections
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MESON_BUILD_ROOT", HERE.parent / "build" / "bench"))
MOST_SECONDS = 150


def finish(processes):
    """Both must end by themselves, and well."""
    until = time.monotonic() + MOST_SECONDS
    try:
        return all(process.wait(max(0.1, until - time.monotonic())) == 0 for process in processes)
    except subprocess.TimeoutExpired:
        return False
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def lines_with(process, text):
    """The moment at which the program says so; nothing if it never does."""
    for line in process.stdout:
        if text in line:
            return time.monotonic()
    return None


def start(path, end, *command, **more):
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True, **more}
    return subprocess.Popen(path.at(end, [str(word) for word in command]), **given)


class Service:
    """rtc-signald at the receiver's end."""

    def __init__(self, path):
        words = ["--listen", path.address("b"), "--port", "0", "--insecure-open"]
        self.process = start(path, "b", "rtc-signald", *words)
        self.uri = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self.uri

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def ours(path, source, target, lanes=8):
    """The elements: the time from the first word of the offer's acceptance to the receiver's confirmation."""
    with Service(path) as server:
        bob = start(path, "b", "gst-launch-1.0", "-m", "rtcfilesrc", "user=bob", f"server={server}", f"location={target}")
        lines_with(bob, "state=(string)online")
        alice = start(path, "a", "gst-launch-1.0", "-m", "rtcfilesink", "user=alice", "peer=bob", f"server={server}",
                      f"location={source}", f"max-lanes={lanes}")  # fmt: skip
        begun = ended = None
        said = collections.deque(maxlen=6)
        for line in alice.stdout:
            said.append(line)
            if "rtc-file," in line and "state=(string)running" in line and begun is None:
                begun = time.monotonic()
            if "rtc-file," in line and "state=(string)done" in line:
                ended = time.monotonic()
        bob.stdout.close()
        if finish([alice, bob]) and begun and ended:
            return ended - begun
        print("not sent; the sender's last words:", *said, sep="\n  ")
        return None


def ours_1(path, source, target):
    return ours(path, source, target, lanes=1)


def taker_and_giver(path, source, target, *program):
    """Programs that say a port, and then the seconds."""
    taker = start(path, "b", *program, "take", path.address("b"), target)
    port = taker.stdout.readline().strip()
    giver = start(path, "a", *program, "give", path.address("b"), port, source)
    seconds = giver.stdout.readline().strip()
    return float(seconds) if finish([giver, taker]) and seconds else None


def bare(path, source, target):
    return taker_and_giver(path, source, target, BUILD / "bench" / "bare_file")


def node(path, source, target):
    return taker_and_giver(path, source, target, "node", HERE / "peers" / "node_file.mjs")


def tcp(path, source, target):
    return taker_and_giver(path, source, target, sys.executable, HERE / "peers" / "tcp_file.py")


def wormhole(path, source, target):
    """From the line that it receives to the line that it has received: its start and its key exchange are left out."""
    with tempfile.TemporaryDirectory() as folder:
        port = 4000
        mailbox = start(path, "b", "twist3", "wormhole-mailbox", "--port", f"tcp:{port}:interface={path.address('b')}",
                        "--channel-db=:memory:", cwd=folder)  # fmt: skip
        try:
            if not lines_with(mailbox, "relay server running"):
                return None
            # No relay: the two reach each other.
            program = ["wormhole", "--relay-url", f"ws://{path.address('b')}:{port}/v1", "--transit-helper", "tcp:127.0.0.1:1"]
            code = "1-bench-file"
            giver = start(path, "a", *program, "send", "--code", code, "--hide-progress", source, stdout=subprocess.DEVNULL)
            taker = start(path, "b", *program, "receive", "--accept-file", "--hide-progress", "-o", target, code,
                          stderr=subprocess.STDOUT)  # fmt: skip
            begun = lines_with(taker, "Receiving (")
            ended = lines_with(taker, "Received file")
            return ended - begun if finish([giver, taker]) and begun and ended else None
        finally:
            mailbox.kill()
            mailbox.wait()


def rsync(path, source, target):
    """The whole command, with ssh's handshake."""
    with tempfile.TemporaryDirectory() as folder:
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{folder}/{key}"], check=True)
        os.makedirs("/run/sshd", exist_ok=True)
        words = ["-o", f"AuthorizedKeysFile={folder}/user.pub", "-o", "StrictModes=no", "-o", "UsePAM=no", "-o", "PidFile=none"]
        port = 4022
        listen = ["-o", f"ListenAddress={path.address('b')}:{port}", "-h", f"{folder}/host"]
        daemon = start(path, "b", "/usr/sbin/sshd", "-D", "-f", "/dev/null", *listen, *words)
        try:
            remote = f"ssh -p {port} -i {folder}/user -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
            until = time.monotonic() + 10
            while subprocess.run(path.at("a", [*remote.split(), path.address("b"), "true"]), capture_output=True).returncode != 0:
                if time.monotonic() > until:
                    return None
            begun = time.monotonic()
            giver = start(path, "a", "rsync", "-W", "-e", remote, source, f"{path.address('b')}:{target}")
            return time.monotonic() - begun if finish([giver]) else None
        finally:
            daemon.kill()
            daemon.wait()


CLIENTS = {"ours": ours, "ours-1": ours_1, "bare": bare, "node": node, "tcp": tcp, "wormhole": wormhole, "rsync": rsync}
