#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a signaling message costs, and who waits for it: rtc-signald (over TLS as well), PeerJS' server, the book's server on npm's ws, a stock
libsoup echo and an echo of nothing but system calls, interleaved in one run.

One generator, a process of its own and cheaper than any of the servers, is all of the clients (peers/signaling_load.cpp).
Every message has real JSON of about 190 bytes; ours passes the whole service: limits, decoding, the hub with calls between
pairs of users, encoding. libsoup's echo does none of that: it is there for what it costs to stand on it. The epoll echo does nothing at
all, to one connection where a relayed message touches two: what it costs more with many connections is the kernel's own.

  storm          connections with logins a second, 256 at a time (8 for libsoup, whose listen queue has room for 10)
  memory         of the server's process for each connection, logged in and idle
  relay          messages a second with 64 under way, and the server's CPU for each
  paced          latency at 5,000 messages a second, from the moment each should have been sent
  slow reader    the same, while one user reads nothing of 2 MB a second that are sent to it
  calls          set up and ended a second, 64 at a time
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from setup import Program, spread, table

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("MESON_BUILD_ROOT", HERE.parent / "build" / "bench"))
# Connections of a stock libsoup server; beyond it takes minutes to get in.
MOST_OF_LIBSOUP = 1000
WIDE = "1000000"
OURS = ["rtc-signald", "--port", "0", "--setup-timeout", "3600", "--resume-timeout", "1"]
# The limits are on, and wide enough for one address to be everybody.
for name in ("max-connections", "max-connections-per-address", "accept-rate", "accept-burst", "frame-rate", "frame-burst",
             "message-rate", "message-burst", "call-rate", "call-burst"):  # fmt: skip
    OURS += [f"--{name}", WIDE]
FOLDER = tempfile.TemporaryDirectory(prefix="rtc-bench-")
CERTIFICATE = f"{FOLDER.name}/certificate.pem"
KEY = f"{FOLDER.name}/key.pem"
OVER_TLS = [*OURS, "--tls-certificate", CERTIFICATE, "--tls-key", KEY, "--tls-timeout", "60"]
SERVERS = {
    "ours": (OURS, "full"),
    "ours, TLS": (OVER_TLS, "full"),
    "ours, book": (OURS, "book"),
    "PeerJS": (["node", str(HERE / "peers" / "peerjs_server.mjs")], "peerjs"),
    "book on ws": (["node", str(HERE / "peers" / "book_server.mjs")], "book"),
    "libsoup echo": ([str(BUILD / "bench" / "soup_echo")], "echo"),
    "epoll echo": ([str(BUILD / "bench" / "epoll_echo")], "echo"),
}


def rss(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("no VmRSS")


class Run:
    """A fresh server with so many users."""

    def __init__(self, server, users):
        command, dialect = SERVERS[server]
        self.server = Program(command)
        self.load = None
        try:
            port = self.server.line().rsplit(":", 1)[1].strip()
            before = rss(self.server.process.pid)
            at_once = "8" if server == "libsoup echo" else "256"
            more = ["tls"] if command is OVER_TLS else []
            self.load = Program([str(BUILD / "bench" / "signaling_load"), dialect, port, str(users), at_once, *more])
            self.storm = self.event("connected")["per_second"]
            self.kib = (rss(self.server.process.pid) - before) / users
        except BaseException:
            self.__exit__()
            raise

    def event(self, name):
        self.load.seen.pop(name, None)
        return self.load.event(name)

    def do(self, line, event):
        cpu = self.server.cpu()
        self.load.tell(line)
        result = self.event(event)
        result["cpu"] = self.server.cpu() - cpu
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for program in (self.load, self.server):
            if program:
                program.process.kill()
                program.process.wait()


def relay(server, size, users, seconds):
    with Run(server, users) as run:
        run.do("prepare", "prepared")
        result = run.do(f"relay {seconds} 64", "relay")
        return {
            f"storm {size}": run.storm,
            f"KiB {size}": run.kib,
            f"msg/s {size}": result["per_second"],
            f"us/msg {size}": result["cpu"] * 1e6 / result["messages"],
        }


def latency(server, seconds, rate):
    with Run(server, 1000) as run:
        run.do("prepare", "prepared")
        paced = run.do(f"paced {seconds} {rate}", "paced")
        values = {f"{p} ms": paced[f"{p}_ms"] for p in ("p50", "p99", "p999")}
        if SERVERS[server][1] == "echo":  # which has nobody else to be slow
            return values
        slow = run.do(f"slow {seconds} {rate} 2000000", "paced")
        return {**values, "slow p50 ms": slow["p50_ms"], "slow p99 ms": slow["p99_ms"]}


def calls(server, seconds):
    if SERVERS[server][1] == "echo":
        return {}
    with Run(server, 1000) as run:
        result = run.do(f"calls {seconds} 64", "calls")
        return {"calls/s": result["per_second"], "us/call": result["cpu"] * 1e6 / result["calls"]}


def make_certificate():
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -batch -days 2 -subj /CN=bench"
    subprocess.run([*words.split(), "-out", CERTIFICATE, "-keyout", KEY], check=True, stderr=subprocess.DEVNULL)


def measure(options):
    rounds = {server: [] for server in options.servers}
    for number in range(options.rounds):
        turn = number % len(options.servers)
        for server in options.servers[turn:] + options.servers[:turn]:
            result = {}
            many = min(options.many, MOST_OF_LIBSOUP) if server == "libsoup echo" else options.many
            for size, users in (("few", options.few), ("many", many)):
                result.update(relay(server, size, users, options.seconds))
            result.update(latency(server, options.seconds, options.rate))
            result.update(calls(server, options.seconds))
            rounds[server].append(result)
            shown = "  ".join(f"{key} {value:.4g}" for key, value in result.items())
            print(f"round {number + 1} {server:13} {shown}", file=sys.stderr, flush=True)
    return rounds


def ratios(rounds, one, other, keys):
    """Of each round for itself, so that what disturbs a round disturbs both."""
    return {key: spread([a[key] / b[key] for a, b in zip(rounds[one], rounds[other])]) for key in keys}


def main():
    parser = argparse.ArgumentParser(description="Signaling servers under one load.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3, help="of each measurement")
    parser.add_argument("--rate", type=int, default=5000, help="of the paced messages, a second")
    parser.add_argument("--few", type=int, default=100, help="users")
    parser.add_argument("--many", type=int, default=9000, help="users")
    parser.add_argument("--servers", nargs="+", choices=list(SERVERS), default=list(SERVERS))
    options = parser.parse_args()
    make_certificate()
    rounds = measure(options)

    values = {
        server: {key: spread([r[key] for r in results]) for key in results[0]} for server, results in rounds.items()
    }
    for keys in (
        [f"{what} {size}" for what in ("msg/s", "us/msg") for size in ("few", "many")],
        [f"{what} {size}" for what in ("storm", "KiB") for size in ("few", "many")],
        ["p50 ms", "p99 ms", "p999 ms"],
        ["slow p50 ms", "slow p99 ms", "calls/s", "us/call"],
    ):
        rows = {server: row for server, row in values.items() if all(key in row for key in keys)}
        digits = {key: 0 if key.startswith(("msg/s", "storm", "calls")) else 2 for key in keys}
        print()
        table(rows, {key: key for key in keys}, digits)
    costs = {
        server: {"cost": spread([r["us/msg many"] / r["us/msg few"] for r in results])}
        for server, results in rounds.items()
    }
    print()
    table(costs, {"cost": "us/msg many / few"}, {"cost": 2})
    keys = [f"{what} {size}" for what in ("msg/s", "us/msg", "KiB") for size in ("few", "many")] + ["p99 ms", "calls/s"]
    compared = {
        f"{one} / {other}": ratios(rounds, one, other, keys)
        for one, other in (("ours", "PeerJS"), ("ours, book", "PeerJS"), ("ours, book", "book on ws"))
        if one in rounds and other in rounds
    }
    if compared:
        print("\nratios, round by round; min / median / max")
        for part in (keys[:4], keys[4:]):
            table(compared, {key: key for key in part}, dict.fromkeys(part, 2))
    print("\n" + json.dumps({"rounds": rounds, "spread": values, "ratios": compared}))


if __name__ == "__main__":
    main()
