# SPDX-License-Identifier: LGPL-2.1-or-later
"""Two network namespaces, joined by a relay in user space (path_relay.cpp) that gives each direction half of a round trip,
random loss, a rate, and a queue of one bandwidth-delay product. It needs to be root of its user namespace: see `isolate`.
"""

import os
import subprocess
import sys
import time

SKIPPED = 77  # as meson has it
ADDRESSES = {"a": "10.77.0.1", "b": "10.77.0.2"}


def isolate(mark):
    """Runs this script again in namespaces of its own: nothing of it reaches the machine's network."""
    if os.environ.get(mark) == "yes":
        return
    unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    refused = subprocess.run([*unshare, "test", "-w", "/dev/net/tun"], capture_output=True, text=True, check=False)
    if refused.returncode != 0:
        print(f"skipped: this system gives no namespaces, or no tun devices in them: {refused.stderr.strip()}")
        sys.exit(SKIPPED)
    os.environ[mark] = "yes"
    os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def run(*command):
    subprocess.run(command, check=True)


class Namespace:
    """One end of the path: a process that sleeps holds the namespace open."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        mine = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{self.holder.pid}/ns/net") == mine:
            time.sleep(0.01)
        self.path = f"/proc/{self.holder.pid}/ns/net"
        run(*self.command("ip", "link", "set", "lo", "up"))

    def command(self, *command):
        return ["nsenter", f"--net={self.path}", *command]

    def stop(self):
        self.holder.kill()
        self.holder.wait()


class RelayedPath:
    """`round_trip` in ms, `loss` in percent, `mbit` a second, `jitter` in ms, up to which a packet takes longer."""

    def __init__(self, relay, round_trip, loss, mbit, jitter=0):
        queue = max(64_000, int(mbit * 125_000 * max(round_trip, 5) / 1_000))
        self.ends = {name: Namespace() for name in ADDRESSES}
        tuns = [f"{end.path}:path" for end in self.ends.values()]
        shape = [f"delay={round_trip / 2}", f"jitter={jitter}", f"loss={loss}", f"rate={mbit}", f"queue={queue}"]
        command = [str(relay), *tuns, *shape]
        self.relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.relay.stdout.readline() == "ready\n"
        for name, end in self.ends.items():
            other = ADDRESSES["b" if name == "a" else "a"]
            run(*end.command("ip", "addr", "add", ADDRESSES[name], "peer", other, "dev", "path"))
            run(*end.command("ip", "link", "set", "path", "up", "mtu", "1500"))

    def address(self, end):
        return ADDRESSES[end]

    def at(self, end, command):
        """What starts the command at that end."""
        return self.ends[end].command(*command)

    def stop(self):
        self.relay.kill()
        self.relay.wait()
        for end in self.ends.values():
            end.stop()
