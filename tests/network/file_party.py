#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""file_party.py LAUNCH: a pipeline of one element, rtcfilesink or rtcfilesrc. SIGUSR1 pauses what it sends or receives, SIGUSR2 goes on with it. Each
message about files is a line of JSON.
"""

import json
import signal
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

FIELDS = ("state", "bytes", "paused-here", "paused-there", "reason", "message")


def main():
    Gst.init(None)
    file = Gst.parse_launch(sys.argv[1])
    pipeline = Gst.Pipeline()
    pipeline.add(file)
    loop = GLib.MainLoop()
    incoming = file.get_factory().get_name() == "rtcfilesrc"

    def act(action):
        file.emit(action, *([""] if incoming else []))
        return GLib.SOURCE_CONTINUE

    def heard(_bus, message):
        told = message.get_structure()
        if message.type in (Gst.MessageType.EOS, Gst.MessageType.ERROR):
            loop.quit()
        elif told and told.get_name() == "rtc-file":
            values = {name: told.get_value(name) for name in FIELDS if told.has_field(name)}
            print(json.dumps({"event": "file", **values}), flush=True)
        elif told and told.get_name() == "rtc-session":
            print(json.dumps({"event": "session", "state": told.get_value("state")}), flush=True)

    for number, action in ((signal.SIGUSR1, "pause-file"), (signal.SIGUSR2, "resume-file")):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, number, act, action)
    bus = pipeline.get_bus()
    bus.add_signal_watch()
    bus.connect("message", heard)
    pipeline.set_state(Gst.State.PLAYING)
    loop.run()
    pipeline.set_state(Gst.State.NULL)


if __name__ == "__main__":
    main()
