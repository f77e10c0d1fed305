#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""bad_path_test.py RTC_SIGNALD RTC_CALL PATH_RELAY caller|callee LEAST-FPS LEAST-SOUND [NAME=VALUE…]: a call one of whose parties is at the
end of a bad path, which the last arguments describe (path_relay.cpp). As much picture (frames/s) and sound (packets/s of 50) must
come as is asked for.
"""

import sys

import program
import world

SECONDS = 8  # of the call
SETTLED = 3  # of them for the first packets


def rate(party, field):
    """Of a count, over what is left of the call once it has settled."""
    stats = [event for event in party.events("stats") if event["seconds"] >= SETTLED]
    if len(stats) < 2:
        return 0
    return (stats[-1][field] - stats[0][field]) / (stats[-1]["seconds"] - stats[0]["seconds"])


def main(signald, rtc_call, path_relay, who, least_fps, least_sound, *shape):
    internet = world.World()
    near = internet.site(1, "open")
    far, relay = internet.far(path_relay, *shape)
    internet.route_to_far(near)
    problems = []
    with program.Meeting(internet, signald, rtc_call) as meeting:
        ends = (far, near) if who == "caller" else (near, far)
        parties = meeting.call(*ends, "--duration", str(SECONDS))
        problems += [f"a party exited with {status}" for status in (party.finish() for party in parties) if status != 0]
        seen = [(rate(party, "video-in-decoded"), rate(party, "audio-in-packets")) for party in parties]
    relay.kill()
    relay.wait()
    for fps, sound in seen:
        if fps < float(least_fps) or sound < float(least_sound):
            problems.append(f"too little came: {fps:.1f} frames/s, {sound:.1f} packets of sound/s")
    told = ", ".join(f"{fps:.1f} frames/s and {sound:.1f} packets of sound/s" for fps, sound in seen)
    print(f"{' '.join(shape)}: {told}", *problems, sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    world.isolate()
    sys.exit(main(*sys.argv[1:]))
