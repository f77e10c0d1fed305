#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How fast a file gets there, and what it costs: ours with one connection and with lanes, one bare webrtcbin data channel, and
the kernel's TCP, interleaved in one run. Every file that is written is compared with its source by SHA-256.

Both ends run in network namespaces of their own, joined by a relay in user space (path_relay) that gives each direction half of the
round trip, random loss, a rate and a queue of one bandwidth-delay product. `loopback` is the machine itself. CPU is user and system
time of both ends together, without the relay's.
"""

import argparse
import hashlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MESON_BUILD_ROOT", HERE.parent / "build" / "bench"))
ADDRESSES = {"a": "10.77.0.1", "b": "10.77.0.2"}
MOST_SECONDS = 120
CLIENTS = ("ours", "ours-1", "bare", "tcp")


def isolate():
    """Runs this script again in namespaces of its own: nothing of it reaches the machine's network."""
    if os.environ.get("RTC_BENCH_ISOLATED") == "yes":
        return
    os.environ["RTC_BENCH_ISOLATED"] = "yes"
    unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def run(*command):
    subprocess.run(command, check=True)


class Namespace:
    """One end of the path: a process that sleeps holds the namespace open."""

    def __init__(self, name):
        self.name = name
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


class Path:
    """Two ends, and how a program is started at each."""

    def __init__(self, point):
        self.point = point
        self.ends, self.relay = {}, None
        if point == "loopback":
            # ICE leaves 127.0.0.1 out; what is sent to an address of one's own goes over the loopback as well.
            run("ip", "link", "set", "lo", "up")
            run("ip", "link", "add", "own", "type", "veth", "peer", "name", "nobody")
            run("ip", "addr", "add", f"{ADDRESSES['a']}/24", "dev", "own")
            for device in ("own", "nobody"):
                run("ip", "link", "set", device, "up")
            return
        round_trip, loss, mbit = point
        queue = max(64_000, int(mbit * 125_000 * max(round_trip, 5) / 1_000))
        self.ends = {name: Namespace(name) for name in ADDRESSES}
        tuns = [f"{end.path}:path" for end in self.ends.values()]
        command = [str(BUILD / "bench" / "path_relay"), *tuns, str(round_trip / 2), str(loss), str(mbit), str(queue)]
        self.relay = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.relay.stdout.readline() == "ready\n"
        for name, end in self.ends.items():
            other = ADDRESSES["b" if name == "a" else "a"]
            run(*end.command("ip", "addr", "add", ADDRESSES[name], "peer", other, "dev", "path"))
            run(*end.command("ip", "link", "set", "path", "up", "mtu", "1500"))

    def address(self, end):
        return ADDRESSES[end] if self.ends else ADDRESSES["a"]

    def at(self, end, command):
        return self.ends[end].command(*command) if self.ends else command

    def stop(self):
        if self.relay:
            self.relay.kill()
            self.relay.wait()
        for end in self.ends.values():
            end.stop()
        if not self.ends:
            run("ip", "link", "del", "own")


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else hashlib.sha256(
            file.read()
        ).hexdigest()


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


def ours(path, source, target, lanes):
    """The elements: the time from the first word of the offer's acceptance to the receiver's confirmation."""
    service = subprocess.Popen(
        path.at("b", ["rtc-signald", "--listen", path.address("b"), "--port", "0", "--insecure-open"]),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        server = service.stdout.readline().split()[-1]
        receive = ["gst-launch-1.0", "-m", "rtcfilesrc", "user=bob", f"server={server}", f"location={target}"]
        bob = subprocess.Popen(path.at("b", receive), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        while "state=(string)online" not in bob.stdout.readline():
            pass
        send = ["gst-launch-1.0", "-m", "rtcfilesink", "user=alice", "peer=bob", f"server={server}", f"location={source}",
                f"max-lanes={lanes}"]  # fmt: skip
        alice = subprocess.Popen(path.at("a", send), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        begun = ended = None
        for line in alice.stdout:
            if "rtc-file," in line and "state=(string)running" in line and begun is None:
                begun = time.monotonic()
            if "rtc-file," in line and "state=(string)done" in line:
                ended = time.monotonic()
        bob.stdout.close()
        well = finish([alice, bob])
        return ended - begun if well and begun and ended else None
    finally:
        service.kill()
        service.wait()


def bare(path, source, target):
    listen = path.at("b", [str(BUILD / "bench" / "bare_file"), "take", path.address("b"), str(target)])
    taker = subprocess.Popen(listen, stdout=subprocess.PIPE, text=True)
    port = taker.stdout.readline().strip()
    giver = subprocess.Popen(
        path.at("a", [str(BUILD / "bench" / "bare_file"), "give", path.address("b"), port, str(source)]),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds = giver.stdout.readline().strip()
    return float(seconds) if finish([giver, taker]) and seconds else None


TCP_TAKE = """
import socket, sys
listener = socket.create_server((sys.argv[1], 0)); print(listener.getsockname()[1], flush=True)
peer, _ = listener.accept()
with open(sys.argv[2], "wb") as file:
    while part := peer.recv(1 << 18): file.write(part)
peer.sendall(b"k")
"""
TCP_GIVE = """
import socket, sys, time
peer = socket.create_connection((sys.argv[1], int(sys.argv[2]))); begun = time.monotonic()
with open(sys.argv[3], "rb") as file: peer.sendfile(file)
peer.shutdown(socket.SHUT_WR); assert peer.recv(1) == b"k"; print(time.monotonic() - begun)
"""


def tcp(path, source, target):
    taker = subprocess.Popen(
        path.at("b", [sys.executable, "-c", TCP_TAKE, path.address("b"), str(target)]), stdout=subprocess.PIPE, text=True
    )
    port = taker.stdout.readline().strip()
    giver = subprocess.Popen(
        path.at("a", [sys.executable, "-c", TCP_GIVE, path.address("b"), port, str(source)]),
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds = giver.stdout.readline().strip()
    return float(seconds) if finish([giver, taker]) and seconds else None


def transfer(client, path, source, target):
    target.unlink(missing_ok=True)
    cpu = children_cpu()
    if client.startswith("ours"):
        seconds = ours(path, source, target, 1 if client == "ours-1" else 8)
    else:
        seconds = {"bare": bare, "tcp": tcp}[client](path, source, target)
    cpu = children_cpu() - cpu
    if seconds is None or not target.exists() or digest(source) != digest(target):
        return None
    return {"rate": source.stat().st_size / seconds / 1e6, "cpu": cpu * 1e3 / (source.stat().st_size / 1e6)}


def point_of(text):
    return text if text == "loopback" else tuple(float(part) for part in text.split(","))


def main():
    isolate()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=32)
    parser.add_argument("--clients", nargs="+", choices=CLIENTS, default=list(CLIENTS))
    parser.add_argument("--points", nargs="+", type=point_of, help="`loopback`, or ROUND-TRIP-MS,LOSS-PERCENT,MBIT",
                        default=["loopback", (20, 0, 200), (50, 0, 200), (100, 0, 200), (20, 0.1, 200), (20, 1, 200)])  # fmt: skip
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as name:
        source, target = pathlib.Path(name) / "source", pathlib.Path(name) / "target"
        source.write_bytes(os.urandom(options.mebibytes << 20))
        for point in options.points:
            path = Path(point)
            rounds = {client: [] for client in options.clients}
            for number in range(options.rounds):
                turn = number % len(options.clients)
                for client in options.clients[turn:] + options.clients[:turn]:
                    got = transfer(client, path, source, target)
                    print(f"{point} round {number + 1} {client}: {got}", file=sys.stderr, flush=True)
                    rounds[client].append(got)
            path.stop()
            for client, all_of_it in rounds.items():
                whole = [each for each in all_of_it if each]
                row = {"point": point, "client": client, "failed": len(all_of_it) - len(whole)}
                for key in ("rate", "cpu") if whole else ():
                    values = [each[key] for each in whole]
                    row[key] = [min(values), statistics.median(values), max(values)]
                results.append(row)
    print(f"\n{options.mebibytes} MiB, {options.rounds} rounds; min / median / max")
    print(f"{'point':20}{'client':10}{'MB/s':>26}{'CPU ms/MB':>26}  failed")
    for row in results:
        cells = [" / ".join(f"{value:.1f}" for value in row.get(key, [])) for key in ("rate", "cpu")]
        print(f"{str(row['point']):20}{row['client']:10}{cells[0]:>26}{cells[1]:>26}  {row['failed']}")
    print("\n" + json.dumps(results))


if __name__ == "__main__":
    main()
