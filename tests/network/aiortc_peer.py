#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""aiortc_peer.py SERVER USER [PEER]: aiortc as one party of a call, in the book's messages; it calls PEER or waits.

It sends a small picture and a tone, counts the frames and the loudness of what comes, and prints both as JSON twice a second
until the other side leaves or its input ends.
"""

import asyncio
import fractions
import json
import sys

import av
import numpy
import websockets
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from aiortc.sdp import candidate_from_sdp

RATE = 15  # frames per second


class Picture(VideoStreamTrack):
    """A grey picture that changes."""

    count = 0

    async def recv(self):
        await asyncio.sleep(1 / RATE)
        self.count += 1
        shade = numpy.full((120, 160, 3), self.count * 5 % 256, dtype=numpy.uint8)
        frame = av.VideoFrame.from_ndarray(shade, format="rgb24")
        frame.pts, frame.time_base = self.count * 90_000 // RATE, fractions.Fraction(1, 90_000)
        return frame


class Tone(AudioStreamTrack):
    """As loud as half of full scale; aiortc's own track is silent."""

    async def recv(self):
        frame = await super().recv()
        wave = (numpy.arange(frame.samples) % 20 - 10) * 1_600
        frame.planes[0].update(wave.astype(numpy.int16).tobytes())
        return frame


class Call:
    def __init__(self, socket, peer):
        self.socket, self.peer = socket, peer
        self.seen = {"video": 0, "audio": 0, "loudness": 0, "width": 0, "state": "new"}
        # By itself it would ask a STUN server of the internet.
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connection.on("track", lambda track: asyncio.ensure_future(self.take(track)))
        self.tasks = []

    async def take(self, track):
        try:
            while True:
                frame = await track.recv()
                self.seen[track.kind] += 1
                if track.kind == "video":
                    self.seen["width"] = frame.width
                else:
                    self.seen["loudness"] = max(self.seen["loudness"], int(numpy.abs(frame.to_ndarray()).max()))
        except MediaStreamError:
            pass

    def send_media(self):
        self.connection.addTrack(Tone())
        self.connection.addTrack(Picture())

    async def say(self, kind, description):
        await self.connection.setLocalDescription(description)
        local = self.connection.localDescription  # with its candidates: aiortc does not trickle
        message = {"type": kind, "name": self.peer, kind: {"type": local.type, "sdp": local.sdp}}
        await self.socket.send(json.dumps(message))

    async def offer(self):
        self.send_media()
        await self.say("offer", await self.connection.createOffer())

    async def hear(self, message):
        """Whether the call goes on."""
        kind = message["type"]
        if kind in ("offer", "answer"):
            self.peer = message.get("name", self.peer)
            told = message[kind]
            await self.connection.setRemoteDescription(RTCSessionDescription(told["sdp"], told["type"]))
        if kind == "offer":
            self.send_media()
            await self.say("answer", await self.connection.createAnswer())
        elif kind == "candidate" and message["candidate"] and message["candidate"]["candidate"]:
            described = message["candidate"]
            candidate = candidate_from_sdp(described["candidate"].removeprefix("candidate:"))
            candidate.sdpMid, candidate.sdpMLineIndex = described["sdpMid"], described["sdpMLineIndex"]
            await self.connection.addIceCandidate(candidate)
        return kind != "leave"


async def tell(call):
    while True:
        await asyncio.sleep(0.5)
        call.seen["state"] = call.connection.connectionState
        print(json.dumps(call.seen), flush=True)


async def main(server, user, peer=None):
    async with websockets.connect(server) as socket:
        await socket.send(json.dumps({"type": "login", "name": user}))
        assert json.loads(await socket.recv())["success"]
        print(json.dumps({"state": "online"}), flush=True)
        call = Call(socket, peer)
        telling = asyncio.ensure_future(tell(call))
        if peer:
            await call.offer()
        while await call.hear(json.loads(await socket.recv())):
            pass
        telling.cancel()
        await call.connection.close()


asyncio.run(main(*sys.argv[1:]))
