#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""in_guest.py pulled|closed RTC_SIGNALD RTC_CALL: what rtc-call makes of devices that are real to all but an electrician: two V4L2 cameras (the
kernel's vivid), a USB one that gives nothing but JPEG (usb_camera.py), and two ALSA cards (snd-aloop), whose devices 0 and 1 are
the ends of a cable: what is played at one is recorded at the other.

It is the first user of a machine that is its own: guest.py.
"""

import json
import pathlib
import subprocess
import sys
import threading
import time

import guest
from program import LOUD, PATIENCE, Program, has, loud, more_than, until
from usb_camera import UsbCamera

STORY, SIGNALD, CALL = sys.argv[1:4]
USB_CAMERA = "Paper Camera"
SIZES = ((160, 120), (320, 240))  # what an emulated processor encodes in time
SMALL = ("--size", "160x120", "--no-display", "--json")


def say(what):
    print(f"ok  {time.monotonic():5.1f} s  {what}", flush=True)


def run(command):
    subprocess.run(command.split(), check=True)


def modules_are_at_hand():
    folder = pathlib.Path("/lib/modules")
    folder.mkdir(exist_ok=True)
    run(f"mount --bind {guest.KERNEL}{folder} {folder}")


def udev_runs():
    """It gives the nodes to their groups and tells programs what they are, as on every desktop."""
    run("/lib/systemd/systemd-udevd --daemon")
    run("udevadm trigger --action=add --subsystem-match=video4linux --subsystem-match=sound")
    settle()


def settle():
    run("udevadm settle")


def pull(driver, device):
    pathlib.Path(f"/sys/bus/platform/drivers/{driver}/unbind").write_text(device)


def plug(driver, device):
    pathlib.Path(f"/sys/bus/platform/drivers/{driver}/bind").write_text(device)
    settle()


def plug_usb_camera():
    camera = UsbCamera(USB_CAMERA, {size: (guest.SHARE / f"{size[0]}.jpeg").read_bytes() for size in SIZES})
    names = pathlib.Path("/sys/class/video4linux")
    until(
        lambda: any(USB_CAMERA in name.read_text() for name in names.glob("*/name")),
        lambda: "the USB camera is not found: " + subprocess.check_output("dmesg", text=True)[-3000:],
    )
    settle()
    return camera


def listed(*prefix):
    text = subprocess.run([*prefix, CALL, "devices", "--json"], capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in text.splitlines()]


def devices_are_listed_with_their_modes():
    devices = listed()
    cameras = {device["path"]: device for device in devices if device["kind"] == "camera"}
    assert list(cameras) == ["/dev/video0", "/dev/video1", "/dev/video2"], devices
    sizes = {(mode["format"], mode["width"], mode["height"]) for mode in cameras["/dev/video0"]["modes"]}
    assert ("YUY2", 320, 180) in sizes and ("YUY2", 640, 480) in sizes, sizes
    usb = cameras["/dev/video2"]
    modes = [(mode["format"], mode["width"], mode["height"], mode["rates"]) for mode in usb["modes"]]
    assert usb["name"] == USB_CAMERA and sorted(modes) == [("JPEG", *size, [15]) for size in SIZES], usb
    for kind in ("microphone", "speaker"):
        cards = [device for device in devices if device["kind"] == kind]
        assert len(cards) == 4 and all("Loopback" in card["name"] and card["modes"] for card in cards), cards
        assert [card.get("default", False) for card in cards] == [True, False, False, False], cards
    say("cameras with their modes, one of JPEG only, and the cards")


def a_stranger_is_told_how_to_be_let_in(server):
    # A stranger may read all that was built, wherever that is.
    stranger = "setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search".split()
    devices = listed(*stranger)
    obstacles = {device["kind"]: device.get("obstacle", "") for device in devices}
    for kind, group in (("camera", "video"), ("microphone", "audio"), ("speaker", "audio")):
        assert f"usermod -aG {group} nobody" in obstacles.get(kind, ""), devices
    say(obstacles["camera"])
    with Program(*stranger, CALL, "answer", "-u", "erin", "-s", server, *SMALL) as erin:
        erin.event("device", kind="video", choice="test", message=has("may not be opened by this user"))
        erin.event("device", kind="audio", choice="test", message=has("may not be opened by this user"))
        erin.event("device", kind="speaker", choice="none", message=has("may not be opened by this user"))
        erin.event("session", state="online")
    say("and takes calls without them")


def cable_into(card):
    """What a microphone of the card hears."""
    return Program("gst-launch-1.0", "-q", "audiotestsrc", "wave=ticks", "!", "alsasink", f"device=hw:{card},1")


def goes_on(bob):
    bob.catch_up()
    decoded = bob.event("stats")["video-in-decoded"]
    bob.event("stats", **{"video-in-decoded": more_than(decoded + 8)})


def a_call_lives_through_pulled_devices(server):
    camera = plug_usb_camera()
    devices_are_listed_with_their_modes()
    answer = (CALL, "answer", "-u", "bob", "-s", server, "--video", "none", "--audio", "none", "--once")
    dial = (CALL, "dial", "bob", "-u", "alice", "-s", server, "--camera", "paper")
    cable = cable_into(0)
    with Program(*answer, *SMALL, "--snapshot", guest.SHARE / "bob.png") as bob:
        bob.event("session", state="online")
        with Program(*dial, *SMALL) as alice:
            alice.event("device", kind="video", path="/dev/video2", message=has("160x120 at 15 frames/s, JPEG"))
            alice.event("device", kind="audio", choice="device", device=has("Loopback"))
            alice.event("call", state="connected")
            bob.event("stats", **{"video-in-width": 160, "video-in-decoded": more_than(10)})
            bob.event("stats", **{"audio-in-level": more_than(LOUD)})
            say("the camera's JPEG and the card's sound arrive")
            with Program("gst-launch-1.0", "-m", "alsasrc", "device=hw:0,1", "!", "level", "!", "fakesink") as wire:
                wire.line(loud)
            say("what the microphone hears comes out of the other side's speaker")

            run("tc qdisc add dev lo root netem loss 5%")
            goes_on(bob)
            run("tc qdisc del dev lo root")
            say("they arrive at 5 % loss")

            camera.pull()
            say(alice.event("device", kind="video", path="/dev/video0", message=has("is gone; going on with"))["message"])
            goes_on(bob)
            pull("vivid", "vivid.0")  # both of its cameras
            say(alice.event("device", kind="video", choice="test", message=has("is gone; the test picture is sent"))["message"])
            goes_on(bob)
            plug("vivid", "vivid.0")
            say(alice.event("device", kind="video", choice="device", message=has("going on with"))["message"])
            goes_on(bob)
            camera = plug_usb_camera()
            say(alice.event("device", kind="video", choice="device", message=has("is back"))["message"])
            goes_on(bob)

            # The card goes when the last one has closed it.
            pulled = threading.Thread(target=pull, args=("snd_aloop", "snd_aloop.0"))
            pulled.start()
            say(alice.event("device", kind="audio", choice="device", message=has("is gone; going on with"))["message"])
            say(bob.event("device", kind="speaker", choice="device", message=has("is gone; going on with"))["message"])
            cable.stop()
            pulled.join(PATIENCE)
            assert not pulled.is_alive(), "the card is still held"
            with cable_into(1):
                bob.event("stats", **{"audio-in-level": more_than(LOUD)})
            plug("snd_aloop", "snd_aloop.0")
            say(alice.event("device", kind="audio", choice="device", message=has("is back"))["message"])
            say(bob.event("device", kind="speaker", choice="device", message=has("is back"))["message"])
            goes_on(bob)
        bob.event("snapshot")
    camera.pull()


def busy(*pipeline):
    """Another program, which has a device once it has told of its first data."""
    other = Program("gst-launch-1.0", "-v", *" ".join(pipeline).split())
    other.line(has("chain"))
    return other


def busy_and_forbidden_devices_are_named(server):
    camera = busy("v4l2src device=/dev/video0 ! video/x-raw,width=320,height=180 ! identity silent=false ! fakesink")
    microphone = busy("alsasrc device=hw:0,0 ! identity silent=false ! fakesink")
    speaker = busy("audiotestsrc volume=0 ! identity silent=false ! alsasink device=hw:0,0")
    answer = (CALL, "answer", "-u", "carol", "-s", server, "--camera", "/dev/video0")
    dial = (CALL, "dial", "carol", "-u", "dave", "-s", server, "--video", "none", "--audio", "test")
    in_use = has("in use by another program: close that one, or choose another")
    with camera, microphone, speaker, Program(*answer, *SMALL) as carol:
        say(carol.told("device", kind="video", path="/dev/video1", message=in_use)["message"])
        say(carol.told("device", kind="audio", path="hw:0,1", message=in_use)["message"])
        say(carol.told("device", kind="speaker", path="hw:0,1", message=in_use)["message"])
        carol.told("session", state="online")
        with Program(*dial, *SMALL):
            carol.event("stats", **{"audio-in-level": more_than(LOUD)})
            busy_ones = [device["path"] for device in listed() if "in use" in device.get("obstacle", "")]
        # Microphones, then speakers: the other caller's is one of them.
        assert busy_ones == ["hw:0,0", "hw:0,1", "hw:0,0", "hw:0,1", "hw:1,0"], busy_ones
    a_stranger_is_told_how_to_be_let_in(server)


def main():
    modules_are_at_hand()
    run("modprobe vivid n_devs=2 node_types=0x1,0x1 num_inputs=1,1 input_types=0,0")
    run("modprobe snd-aloop index=0,1 enable=1,1 pcm_substreams=1,1")
    run("modprobe --all vhci-hcd sch_netem")
    run("ip link set lo up")
    # ICE leaves the loopback out; what is sent to an address of one's own goes over it all the same.
    for command in ("link add own type veth peer name other", "addr add 10.77.0.1/24 dev own", "link set own up", "link set other up"):
        run("ip " + command)
    udev_runs()
    with Program(SIGNALD, "--listen", "127.0.0.1", "--port", "0") as service:
        server = service.line(has("listening on")).split()[-1]
        STORIES[STORY](server)


STORIES = {"pulled": a_call_lives_through_pulled_devices, "closed": busy_and_forbidden_devices_are_named}


if __name__ == "__main__":
    main()
