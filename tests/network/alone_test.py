#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""alone_test.py RTC_SIGNALD RTC_CALL: a call between two programs of a host that is on no network."""

import sys

import program
import world

SECONDS = 3  # of the call


class ThisHost:
    def command(self, *command):
        return command


def main(signald, rtc_call):
    host = ThisHost()
    world.run("ip", "link", "set", "lo", "up")
    service = program.Program(host, signald, "--port", "0")
    server = service.line_with("listening on ").split()[-1]
    media = ["--server", server, "--json", "--no-display", "--video", "test", "--audio", "test", "--duration", str(SECONDS)]
    bob = program.Program(host, rtc_call, "answer", "--once", "--user", "bob", *media)
    bob.line_with('"online"')
    alice = program.Program(host, rtc_call, "dial", "bob", "--user", "alice", *media)
    problems = [f"a party exited with {status}" for status in (alice.finish(), bob.finish()) if status != 0]
    for party in (alice, bob):
        if party.most("video-in-decoded") < 10 or party.most("audio-in-packets") < 10:
            problems.append(f"media did not pass: {party.lines[-4:]}")
    service.end()
    print("a call on the loopback", *problems, sep="\n  ")
    return 1 if problems else 0


if __name__ == "__main__":
    world.isolate()
    sys.exit(main(*sys.argv[1:]))
