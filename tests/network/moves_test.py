#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""moves_test.py RTC_SIGNALD RTC_CALL caller|callee moves|returns|stays_away: in a call, the network of one party changes.

moves: it gets another address, and loses the one that it had. returns: its link is down for three seconds. stays_away: it comes
back no more; the call ends. The call must go on over a new connection soon after the network is back, with picture and sound.
"""

import json
import sys
import time

import program
import world

SOON = 5  # seconds from the network's return to the new connection; the statistics that show it come each second
AWAY = 3  # seconds for which a link that returns is down
RECOVERY = 2  # seconds for which a party tries whose other stays away


def flows(party, since):
    """Waits until sound has come for a second, gives the time of that, and waits for a picture as well: on a busy machine there may
    be none in a second."""
    sound = None
    while True:
        since = party.index_of('"event":"stats"', since)
        stats = json.loads(party.lines[since])
        if sound is None and stats["audio-in-bitrate"] > 0:
            sound = party.times[since]
        if sound is not None and stats["video-in-fps"] > 0:
            return sound
        since += 1


def change(host, number, what):
    if what == "moves":
        host.run("ip", "address", "del", f"198.51.100.{20 + number}/24", "dev", "wan")
        host.address("wan", f"198.51.100.{30 + number}/24")
        return
    host.run("ip", "link", "set", "wan", "down")
    if what == "returns":
        time.sleep(AWAY)  # is what is tested
        host.run("ip", "link", "set", "wan", "up")


def main(signald, rtc_call, mover, what):
    internet = world.World()
    hosts = [internet.site(1, "open"), internet.site(2, "open")]
    number = 1 if mover == "caller" else 2
    problems = []
    took = 0
    options = ["--recovery-timeout", str(RECOVERY)] if what == "stays_away" else []
    with program.Meeting(internet, signald, rtc_call) as meeting:
        parties = meeting.call(*hosts, *options)
        for party in parties:
            flows(party, 0)
        before = [len(party.lines) for party in parties]
        change(hosts[number - 1], number, what)
        back = time.monotonic()
        for party, since in zip(parties, before):
            if what == "stays_away":
                party.index_of('"reconnecting"', since)
                if "media_failed" not in (ended := party.line_with('"ended"', since)):
                    problems.append(f"the call did not end as it should: {ended}")
                continue
            if what == "moves":
                since = party.index_of('"state":"connected"', since)
                took = max(took, party.times[since] - back)
            else:
                took = max(took, flows(party, len(party.lines)) - back)
            flows(party, len(party.lines))
            if any(event["state"] == "ended" for event in party.events("call")):
                problems.append("the call ended")
        if took > SOON:
            problems.append(f"it took {took:.1f} s, more than {SOON} s")
            problems += [line for party in parties for line in party.told(back)]
    print(f"the {mover} {what}: {took:.1f} s", *problems, sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    world.isolate()
    sys.exit(main(*sys.argv[1:]))
