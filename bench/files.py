#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How fast a file gets there, and what it costs: ours with lanes and with one connection, one bare webrtcbin data channel,
node-datachannel, the kernel's TCP, magic-wormhole and rsync over ssh, interleaved in one run. Every file that is written is compared
with its source by SHA-256.

Both ends run in network namespaces of their own, joined by a relay in user space (tests/network/relayed_path.py). `loopback` is the
machine itself. CPU is user and system time of both ends together, without the relay's and the signaling's.
"""

import argparse
import hashlib
import json
import os
import pathlib
import resource
import statistics
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "network"))

import relayed_path  # noqa: E402
from file_clients import BUILD, CLIENTS  # noqa: E402


class Loopback:
    """ICE leaves 127.0.0.1 out; what is sent to an address of one's own goes over the loopback as well."""

    def __init__(self):
        relayed_path.run("ip", "link", "set", "lo", "up")
        relayed_path.run("ip", "link", "add", "own", "type", "veth", "peer", "name", "nobody")
        relayed_path.run("ip", "addr", "add", f"{relayed_path.ADDRESSES['a']}/24", "dev", "own")
        for device in ("own", "nobody"):
            # No address comes by itself later: a browser breaks off what it loads when its network changes.
            relayed_path.run("ip", "link", "set", device, "addrgenmode", "none", "up")

    def address(self, _end):
        return relayed_path.ADDRESSES["a"]

    def at(self, _end, command):
        return command

    def stop(self):
        relayed_path.run("ip", "link", "del", "own")


def isolate():
    """As root with the system's users: sshd takes one of theirs."""
    if os.geteuid() != 0:
        relayed_path.isolate("RTC_BENCH_ISOLATED")
    elif os.environ.get("RTC_BENCH_ISOLATED") != "yes":
        os.environ["RTC_BENCH_ISOLATED"] = "yes"
        unshare = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        os.execvp("unshare", [*unshare, sys.executable, *sys.argv])


def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def digest(path):
    hash_ = hashlib.sha256()
    with open(path, "rb") as file:
        while part := file.read(1 << 20):
            hash_.update(part)
    return hash_.digest()


def transfer(client, path, source, target):
    target.unlink(missing_ok=True)
    cpu = children_cpu()
    seconds = CLIENTS[client](path, source, target)
    cpu = children_cpu() - cpu
    if seconds is None or not target.exists() or digest(source) != digest(target):
        return None
    return {"rate": source.stat().st_size / seconds / 1e6, "cpu": cpu * 1e3 / (source.stat().st_size / 1e6)}


def point_of(text):
    return text if text == "loopback" else tuple(float(part) for part in text.split(","))


def measure(options, source, target):
    for point in options.points:
        path = Loopback() if point == "loopback" else relayed_path.RelayedPath(BUILD / "bench" / "path_relay", *point)
        rounds = {client: [] for client in options.clients}
        for number in range(options.rounds):
            turn = number % len(options.clients)
            for client in options.clients[turn:] + options.clients[:turn]:
                got = transfer(client, path, source, target)
                print(f"{point} round {number + 1} {client}: {got}", file=sys.stderr, flush=True)
                rounds[client].append(got)
        path.stop()
        yield from ((point, client, all_of_it) for client, all_of_it in rounds.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=64)
    parser.add_argument("--clients", nargs="+", choices=CLIENTS, default=list(CLIENTS))
    parser.add_argument("--points", nargs="+", type=point_of, help="`loopback`, or ROUND-TRIP-MS,LOSS-PERCENT,MBIT",
                        default=["loopback", (20, 0, 200), (50, 0, 200), (100, 0, 200), (20, 0.1, 200), (20, 1, 200)])  # fmt: skip
    options = parser.parse_args()
    isolate()
    results = []
    with tempfile.TemporaryDirectory() as name:
        source, target = pathlib.Path(name) / "source", pathlib.Path(name) / "target"
        source.write_bytes(os.urandom(options.mebibytes << 20))
        for point, client, all_of_it in measure(options, source, target):
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
