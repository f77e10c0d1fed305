#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a packet meets on a path, beside whatever else uses it. `path_probe.py answer ADDRESS` says its port and sends each packet back;
`path_probe.py ask ADDRESS PORT SECONDS` sends one of 100 bytes each 20 ms, and says how long each was on its way there and back, in ms,
and -1 for the lost ones, as JSON.
"""

import json
import socket
import struct
import sys
import time

EACH = 0.02
PATIENCE = 1.0  # seconds after the last one


def answer(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind((address, 0))
        print(own.getsockname()[1], flush=True)
        while True:
            packet, asker = own.recvfrom(2048)
            own.sendto(packet, asker)


def ask(address, port, seconds):
    count = int(seconds / EACH)
    sent, delays = [], [-1.0] * count
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.connect((address, port))
        begun = time.monotonic()
        while (now := time.monotonic()) < begun + seconds + PATIENCE:
            if len(sent) < count and now >= begun + len(sent) * EACH:
                own.send(struct.pack("!I", len(sent)) + bytes(96))
                sent.append(now)
                continue
            until = begun + len(sent) * EACH if len(sent) < count else begun + seconds + PATIENCE
            own.settimeout(max(0.0005, until - now))
            try:
                packet = own.recv(2048)
            except (TimeoutError, ConnectionRefusedError):
                continue
            number = struct.unpack("!I", packet[:4])[0]
            delays[number] = (time.monotonic() - sent[number]) * 1e3
    print(json.dumps(delays))


if __name__ == "__main__":
    if sys.argv[1] == "answer":
        answer(sys.argv[2])
    else:
        ask(sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
