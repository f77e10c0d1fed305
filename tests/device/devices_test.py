#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""devices_test.py STORY RTC_SIGNALD RTC_CALL PLUGIN_FOLDER PIPELINES KERNEL: boots a guest with cameras and sound cards (guest.py),
in which in_guest.py tells the story; then looks at the picture that a call left there.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import guest

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 1200  # seconds for the guest, on a machine that builds beside it
ORANGE = (255, 128, 0)  # all that the USB camera sees


def launch(environment, *words):
    return subprocess.run(["gst-launch-1.0", "-q", *words], env={**os.environ, **environment}, capture_output=True, check=True).stdout


def main():
    story = sys.argv[1]
    signald, call, plugins, pipelines, kernel = (str(pathlib.Path(path).resolve()) for path in sys.argv[2:7])
    with tempfile.TemporaryDirectory() as folder:
        share = pathlib.Path(folder)
        # Looking at every plugin takes an emulated guest a minute, and this machine a second.
        registry = share / "registry"
        environment = {"GST_PLUGIN_PATH": plugins, "RTC_PIPELINES_PATH": pipelines, "GST_REGISTRY": str(registry)}
        for width, height in ((160, 120), (320, 240)):
            colour = "videotestsrc num-buffers=1 pattern=solid-color foreground-color=0xffff8000"
            jpeg = f"{colour} ! video/x-raw,width={width},height={height} ! jpegenc ! filesink location={share}/{width}.jpeg"
            launch(environment, *jpeg.split())
        # The guest's other user reads it as well.
        share.chmod(0o755)
        registry.chmod(0o644)
        environment.update(
            GST_REGISTRY=str(guest.SHARE / "registry"),
            GST_REGISTRY_UPDATE="no",
            HOME="/tmp",
            PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            LC_ALL="C.UTF-8",
            PULSE_SERVER="unix:/tmp/no-sound-server",  # and none is to be started
        )
        variables = [f"{name}={value}" for name, value in environment.items()]
        in_guest = ["env", *variables, sys.executable, HERE / "in_guest.py", story, signald, call]
        status, said = guest.run(in_guest, share, pathlib.Path(kernel), LIMIT)
        print(said, flush=True)
        if status != 0:
            sys.exit(f"the guest did not finish in {LIMIT} s" if status is None else status)
        if story != "pulled":
            return
        seen = launch({}, *f"filesrc location={share}/bob.png ! pngdec ! videoconvert ! video/x-raw,format=RGB ! fdsink fd=1".split())
        if any(abs(have - want) > 40 for have, want in zip(seen[:3], ORANGE)):
            sys.exit(f"the picture that arrived is not the camera's: it begins with {seen[:3].hex()}")
        print("ok  the USB camera's picture arrived")


if __name__ == "__main__":
    main()
