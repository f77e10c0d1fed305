#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A call in Python: call.py SERVER USER [PEER]. Sends a test picture and a tone, shows and plays what the peer sends, and says
how the call goes. Without PEER it waits to be called. Ends with the call.

Debian: python3-gi, gir1.2-gstreamer-1.0.
"""

import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402

SEND = """
videotestsrc is-live=true ! out.video_0 audiotestsrc is-live=true volume=0.1 ! out.audio_0
rtcsignalsink name=out rtcsignalsrc name=in
"""
PLAY = {
    "video": "videoconvert ! autovideosink",
    "audio": "audioconvert ! audioresample ! autoaudiosink",
}


def play_stream(_source, pad, pipeline):
    kind = pad.get_name().partition("_")[0]
    player = Gst.parse_bin_from_description(PLAY[kind], True)
    pipeline.add(player)
    pad.link(player.get_static_pad("sink"))
    player.sync_state_with_parent()
    print("stream", kind, flush=True)


def goes_on(message):
    if message.type == Gst.MessageType.ERROR:
        print(message.parse_error().gerror.message, file=sys.stderr)
        return False
    structure = message.get_structure()
    if message.has_name("rtc-session"):
        print("login", structure.get_string("state"), flush=True)
    if message.has_name("rtc-call"):
        state = structure.get_string("state")
        print("call", state, flush=True)
        return state != "ended"
    return True


def main():
    Gst.init(None)
    if len(sys.argv) < 3:
        sys.exit("usage: call.py SERVER USER [PEER]")
    pipeline = Gst.parse_launch(SEND)
    source = pipeline.get_by_name("in")
    source.props.server, source.props.user = sys.argv[1:3]
    source.props.peer = sys.argv[3] if len(sys.argv) > 3 else ""
    source.connect("pad-added", play_stream, pipeline)
    pipeline.set_state(Gst.State.PLAYING)
    bus = pipeline.get_bus()
    while goes_on(bus.timed_pop(Gst.CLOCK_TIME_NONE)):
        pass
    pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
