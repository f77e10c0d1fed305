# SPDX-License-Identifier: LGPL-2.1-or-later
"""A USB camera that gives JPEG and nothing else, as most cheap ones do at any size worth having. It is plugged into the kernel's
virtual USB port (vhci_hcd) and speaks USB/IP over a socket, so that the kernel's own driver (uvcvideo) finds it, makes
/dev/videoN of it, and loses it when it is pulled.

The layouts are those of "USB Device Class Definition for Video Devices" 1.0 (UVC), of chapter 9 of USB 2.0, and of the kernel's
Documentation/usb/usbip_protocol.rst. Of USB/IP's messages there are two requests (submit, unlink) and their replies.
"""

import collections
import pathlib
import socket
import struct
import threading

RATE = 15  # pictures a second
INTERVAL = 10_000_000 // RATE  # in 100 ns
PAYLOAD = 16384  # bytes of one bulk transfer, its header included
STREAM_ENDPOINT = 0x81
HIGH_SPEED = 3
VENDOR, PRODUCT = 0x1209, 0x0001  # of pid.codes, for tests

CMD_SUBMIT, CMD_UNLINK, RET_SUBMIT, RET_UNLINK = 1, 2, 3, 4
HEADER = struct.Struct(">IIIII")  # command, sequence number, device, direction, endpoint
SUBMIT = struct.Struct(">IIIII8s")  # flags, length, start frame, packets, interval, setup
REPLY = struct.Struct(">iIIII8x")  # status, length, start frame, packets, errors
STALLED, UNLINKED = -32, -104  # -EPIPE, -ECONNRESET

GET_DESCRIPTOR, SET_CUR, GET_LEN, GET_INFO = 0x06, 0x01, 0x85, 0x86
# Hint, format, frame, interval, five values about compression, largest picture, largest payload.
PROBE = struct.Struct("<HBBIHHHHHII")


def descriptor(kind, layout, *values):
    body = struct.pack("<" + layout, *values)
    return bytes((len(body) + 2, kind)) + body


def text(words):
    return descriptor(3, f"{2 * len(words)}s", words.encode("utf-16-le"))


def device_descriptor():
    miscellaneous = (0xEF, 2, 1)  # the interfaces belong together
    return descriptor(1, "HBBBBHHHBBBB", 0x0200, *miscellaneous, 64, VENDOR, PRODUCT, 0x0100, 0, 1, 0, 1)


def frame_descriptor(number, width, height):
    bits = width * height * 16 * RATE
    return descriptor(0x24, "BBBHHIIIIBI", 7, number, 0, width, height, bits, bits, width * height * 2, INTERVAL, 1, INTERVAL)


def configuration(sizes):
    camera_terminal = descriptor(0x24, "BBHBBHHHB3s", 2, 1, 0x0201, 0, 0, 0, 0, 0, 3, bytes(3))
    to_usb = descriptor(0x24, "BBHBBB", 3, 2, 0x0101, 0, 1, 0)
    units = camera_terminal + to_usb
    control_header = descriptor(0x24, "BHHIBB", 1, 0x0100, 13 + len(units), 48_000_000, 1, 1)
    control = descriptor(4, "BBBBBBB", 0, 0, 0, 0x0E, 1, 0, 0) + control_header + units
    formats = descriptor(0x24, "BBBBBBBBB", 6, 1, len(sizes), 1, 1, 0, 0, 0, 0)
    formats += b"".join(frame_descriptor(number, *size) for number, size in enumerate(sizes, 1))
    stream_header = descriptor(0x24, "BBHBBBBBBBB", 1, 1, 14 + len(formats), STREAM_ENDPOINT, 0, 2, 0, 0, 0, 1, 0)
    stream = descriptor(4, "BBBBBBB", 1, 0, 1, 0x0E, 2, 0, 0) + stream_header + formats
    stream += descriptor(5, "BBHB", STREAM_ENDPOINT, 2, 512, 0)
    interfaces = descriptor(0x0B, "BBBBBB", 0, 2, 0x0E, 3, 0, 0) + control + stream
    return descriptor(2, "HBBBBB", 9 + len(interfaces), 2, 1, 0, 0x80, 50) + interfaces


class UsbCamera:
    """Plugged in when it is made. `pictures`: JPEG by (width, height)."""

    def __init__(self, name, pictures):
        self.pictures = list(pictures.values())
        sizes = list(pictures)
        self.descriptors = {
            (1, 0): device_descriptor(),
            (2, 0): configuration(sizes),
            (3, 0): descriptor(3, "H", 0x0409),
            (3, 1): text(name),
        }
        self.chosen = PROBE.pack(0, 1, 1, INTERVAL, 0, 0, 0, 0, 0, max(width * height * 2 for width, height in sizes), PAYLOAD)
        self.waiting = collections.deque()  # numbers of transfers that want a piece of a picture
        self.pieces = collections.deque()
        self.lock = threading.Lock()
        self.out = threading.Event()
        self.socket, port = socket.socketpair()
        with port:
            attach = pathlib.Path("/sys/devices/platform/vhci_hcd.0/attach")
            attach.write_text(f"0 {port.fileno()} {1 << 16 | 1} {HIGH_SPEED}")
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self._serve, self._film)]
        for thread in self.threads:
            thread.start()

    def pull(self):
        self.out.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.socket.close()

    # --- USB/IP

    def _receive(self, size):
        data = self.socket.recv(size, socket.MSG_WAITALL)
        if len(data) < size:
            raise EOFError
        return data

    def _serve(self):
        try:
            while True:
                command, number, _, direction, endpoint = HEADER.unpack(self._receive(HEADER.size))
                first, length, _, _, _, setup = SUBMIT.unpack(self._receive(SUBMIT.size))
                sent = self._receive(length) if command == CMD_SUBMIT and direction == 0 else b""
                with self.lock:
                    if command == CMD_UNLINK:
                        self._unlink(number, first)
                    elif endpoint == 0:
                        answer = self._control(setup, sent)
                        self._reply(number, STALLED if answer is None else 0, (answer or b"")[:length], len(sent))
                    else:
                        self.waiting.append(number)
                        self._deliver()
        except (EOFError, OSError):
            return  # pulled

    def _reply(self, number, status, data, taken=0):
        self.socket.sendall(HEADER.pack(RET_SUBMIT, number, 0, 0, 0) + REPLY.pack(status, taken or len(data), 0, 0, 0) + data)

    def _unlink(self, number, unwanted):
        status = 0  # it has been answered
        if unwanted in self.waiting:
            self.waiting.remove(unwanted)
            status = UNLINKED
        self.socket.sendall(HEADER.pack(RET_UNLINK, number, 0, 0, 0) + REPLY.pack(status, 0, 0, 0, 0))

    # --- Control requests: no answer to those that this device does not have

    def _control(self, setup, sent):
        kind, request, value, index, _ = struct.unpack("<BBHHH", setup)
        if kind & 0x60 == 0:  # of every device
            if request == GET_DESCRIPTOR:
                return self.descriptors.get((value >> 8, value & 0xFF))
            return bytes(2) if kind & 0x80 else b""
        if index & 0xFF != 1 or value >> 8 not in (1, 2):  # the stream's probe and commit
            return None
        if request == SET_CUR:
            self._choose(sent)
            return b""
        return {GET_LEN: struct.pack("<H", PROBE.size), GET_INFO: b"\x03"}.get(request, self.chosen)

    def _choose(self, wish):
        fields = list(PROBE.unpack(wish[: PROBE.size].ljust(PROBE.size, b"\0")))
        fields[1:4] = 1, min(max(fields[2], 1), len(self.pictures)), INTERVAL
        fields[9:] = PROBE.unpack(self.chosen)[9:]
        self.chosen = PROBE.pack(*fields)

    # --- Pictures

    def _film(self):
        turn = 0
        try:
            while not self.out.wait(1 / RATE):
                with self.lock:
                    if not self.waiting:
                        self.pieces.clear()  # nobody looks
                    if self.waiting and not self.pieces:
                        turn ^= 1
                        self._cut(self.pictures[PROBE.unpack(self.chosen)[2] - 1], turn)
                        self._deliver()
        except OSError:
            return  # pulled

    def _cut(self, picture, turn):
        room = PAYLOAD - 2
        for start in range(0, len(picture), room):
            last = start + room >= len(picture)
            self.pieces.append(bytes((2, 0x80 | last << 1 | turn)) + picture[start : start + room])

    def _deliver(self):
        while self.waiting and self.pieces:
            self._reply(self.waiting.popleft(), 0, self.pieces.popleft())
