#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""paths_test.py RTC_SIGNALD RTC_CALL A B direct|relayed: a call from a site of kind A to one of kind B (world.py).

Picture and sound must pass both ways, over the path that the two routers allow and over no other.
"""

import sys

import program
import world

PASSED = 300_000  # bytes; a call of a few seconds through the relay is more, all its signaling and checks are far less
SECONDS = 6  # of the call


def main(signald, rtc_call, kind_a, kind_b, expected):
    internet = world.World()
    a, b = internet.site(1, kind_a), internet.site(2, kind_b)
    ipv6 = kind_a == kind_b == "open_ipv6"
    tls = "tls_only" in (kind_a, kind_b)
    with program.Meeting(internet, signald, rtc_call, ipv6=ipv6, tls=tls) as meeting:
        trust = ["--tls-ca-file", meeting.certificate] if tls else []
        alice, bob = meeting.call(a, b, "--duration", str(SECONDS), *trust)
        ends = {"alice": alice.finish(), "bob": bob.finish()}
        relayed = "relayed" if internet.relayed_bytes() > PASSED else "direct"

        problems = [f"{who} exited with {status}" for who, status in ends.items() if status != 0]
        for party in (alice, bob):
            if party.most("video-in-decoded") < 30 or party.most("audio-in-packets") < 50:
                problems.append(f"media did not pass: {party.lines[-4:]}")
        if relayed != expected:
            problems.append(f"the path was {relayed}: {internet.relayed_bytes()} bytes went to the relay")
    print(f"{kind_a} to {kind_b}: {relayed}", *problems, sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    world.isolate()
    sys.exit(main(*sys.argv[1:]))
