# SPDX-License-Identifier: LGPL-2.1-or-later
"""tcp_file.py take ADDRESS FILE | give ADDRESS PORT FILE: a file through the kernel's TCP. `give` prints the seconds to the taker's
word that it has all bytes."""

import socket
import sys
import time


def take(address, path):
    listener = socket.create_server((address, 0))
    print(listener.getsockname()[1], flush=True)
    peer, _ = listener.accept()
    with open(path, "wb") as file:
        while part := peer.recv(1 << 18):
            file.write(part)
    peer.sendall(b"k")


def give(address, port, path):
    peer = socket.create_connection((address, int(port)))
    begun = time.monotonic()
    with open(path, "rb") as file:
        peer.sendfile(file)
    peer.shutdown(socket.SHUT_WR)
    assert peer.recv(1) == b"k"
    print(time.monotonic() - begun)


{"take": take, "give": give}[sys.argv[1]](*sys.argv[2:])
