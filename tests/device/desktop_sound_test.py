#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""desktop_sound_test.py RTC_SIGNALD RTC_CALL PLUGIN_FOLDER PIPELINES: a call on a desktop with a sound server: a PulseAudio of the
test's own, whose speaker is a null sink and whose microphone hears what another null sink plays.

What alice's microphone hears must come out of bob's speaker: it is taken from that one's monitor.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile

from program import LOUD, Program, has, loud, more_than, skip, until


def main():
    signald, call, plugins, pipelines = sys.argv[1:5]
    if not shutil.which("pulseaudio") or not shutil.which("pactl"):
        skip("PulseAudio is not installed")
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as started:
        socket = f"{folder}/native"
        env = {
            **os.environ, "HOME": folder, "XDG_RUNTIME_DIR": folder, "PULSE_RUNTIME_PATH": folder, "PULSE_SERVER": f"unix:{socket}",
            "GST_PLUGIN_PATH": plugins, "RTC_PIPELINES_PATH": pipelines,
        }  # fmt: skip

        def start(*command):
            return started.enter_context(Program(*command, env=env))

        def pactl(*words):
            return subprocess.run(["pactl", *words], env=env, check=True, capture_output=True, text=True).stdout.strip()

        # One looks at all plugins before several do at once.
        subprocess.run(["gst-inspect-1.0", "rtcsignalsink"], env=env, stdout=subprocess.DEVNULL, check=True)
        modules = [
            f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            "module-null-sink sink_name=speaker sink_properties=device.description=Loudspeaker",
            "module-null-sink sink_name=room sink_properties=device.description=Room",
        ]
        start("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "--log-target=null",
              *(word for module in modules for word in ("-L", module)))  # fmt: skip
        until(lambda: subprocess.run(["pactl", "info"], env=env, capture_output=True, check=False).returncode == 0, lambda: "PulseAudio does not start")
        plug = ("load-module", "module-remap-source", "master=room.monitor", "source_name=mike", "source_properties=device.description=Mike")
        module = pactl(*plug)
        start("gst-launch-1.0", "-q", "audiotestsrc", "wave=ticks", "!", "pulsesink", "device=room")
        server = start(signald, "--listen", "127.0.0.1", "--port", "0").line(has("listening on")).split()[-1]

        bob = start(call, "answer", "-u", "bob", "-s", server, "--video", "none", "--audio", "none", "--speaker", "loud", "--json")
        bob.event("device", kind="speaker", choice="device", device="Loudspeaker")
        bob.event("session", state="online")
        alice = start(call, "dial", "bob", "-u", "alice", "-s", server, "--video", "none", "--microphone", "mike", "--speaker", "room", "--json")
        alice.event("device", kind="audio", choice="device", device="Mike")
        bob.event("stats", **{"audio-in-level": more_than(LOUD)})
        monitor = ("pulsesrc", "device=speaker.monitor", "!", "audioconvert", "!", "level", "!", "fakesink")
        start("gst-launch-1.0", "-m", *monitor).line(loud)
        print("ok  what the microphone hears comes out of the other side's speaker")

        pactl("unload-module", module)
        alice.event("device", kind="audio", choice="test", message=has("is gone; silence is sent"))
        pactl(*plug)
        alice.event("device", kind="audio", choice="device", message=has("is back"))
        bob.event("stats", **{"audio-in-level": more_than(LOUD)})
        print("ok  the microphone may be pulled, and is heard again when it is plugged in")


if __name__ == "__main__":
    main()
