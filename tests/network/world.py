# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small internet in network namespaces: a public network with the service and a STUN and TURN server, and two sites behind
the kind of router that the test asks for. Nothing of it reaches the machine's own network, and no rights are needed: the
test's process and its children live in a user namespace of their own (`isolate`).

    site a                      public network 198.51.100.0/24                      site b
    10.1.0.2 -- 10.1.0.1 [router] 198.51.100.11 ---- .1 service, .2 STUN and TURN ---- 198.51.100.12 [router] 10.2.0.1 -- 10.2.0.2
"""

import os
import subprocess
import sys

SKIPPED = 77  # as meson has it

SERVICE = "198.51.100.1"
TURN = "198.51.100.2"

# What the routers do, in nftables' words; the terms are those of RFC 4787 and, in brackets, RFC 3489.
# `input` drops what nobody asked for before the kernel takes note of it, as home routers do: a noted packet would cost the
# answering host the port that it was promised.
_NAT = """
table ip nat {{
  chain forward_in {{ type nat hook prerouting priority dstnat; {inbound} }}
  chain forward_out {{ type nat hook postrouting priority srcnat; oif wan {outbound}; }}
}}
table ip filter {{
  chain input {{ type filter hook input priority filter; iif wan ct state new drop; }}
  chain forward {{ type filter hook forward priority filter; {through} }}
}}
"""
ROUTERS = {
    # Endpoint-independent mapping and filtering (full cone).
    "full_cone": {"inbound": "iif wan meta l4proto udp dnat to {host};", "outbound": "masquerade", "through": ""},
    # Endpoint-independent mapping, address and port-dependent filtering (port-restricted cone).
    "port_restricted": {"inbound": "", "outbound": "masquerade", "through": ""},
    # Address and port-dependent mapping and filtering (symmetric).
    "symmetric": {"inbound": "", "outbound": "masquerade fully-random", "through": ""},
    # An office: port-restricted, and UDP does not pass at all.
    "udp_blocked": {"inbound": "", "outbound": "masquerade", "through": "meta l4proto udp drop;"},
}
KINDS = ("open", *ROUTERS)


def isolate():
    """Runs this script again, as the first process of namespaces of its own: what it starts ends with it."""
    if os.environ.get("RTC_TEST_ISOLATED") == "yes":
        return
    unshare = ["unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    refused = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    if refused.returncode != 0:
        print(f"skipped: this system gives no namespaces: {refused.stderr.strip()}")
        sys.exit(SKIPPED)
    os.environ["RTC_TEST_ISOLATED"] = "yes"
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def run(*command, text=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


class Host:
    """A network namespace."""

    def __init__(self, name):
        self.name = name
        run("ip", "netns", "add", name)
        self.run("ip", "link", "set", "lo", "up")

    def command(self, *command):
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, *command, text=None):
        return run(*self.command(*command), text=text)

    def join(self, other, name, others_name):
        """A cable to another host."""
        run("ip", "link", "add", name, "netns", self.name, "type", "veth", "peer", "name", others_name, "netns", other.name)
        self.run("ip", "link", "set", name, "up")
        other.run("ip", "link", "set", others_name, "up")

    def address(self, device, *addresses):
        for address in addresses:
            self.run("ip", "address", "add", address, "dev", device)

    def route(self, gateway):
        self.run("ip", "route", "add", "default", "via", gateway)

    def route_the_rest_into_nothing(self):
        """As in the real one, a packet to an address that is nowhere leaves, and nothing comes back: not even an error."""
        self.run("ip", "link", "add", "nowhere", "type", "bridge")
        self.run("ip", "link", "set", "nowhere", "arp", "off", "up")
        self.run("ip", "route", "add", "default", "dev", "nowhere")


class World:
    """The public network. `relayed_bytes` counts what went through the TURN server."""

    def __init__(self):
        run("mount", "-t", "tmpfs", "tmpfs", "/run")
        os.mkdir("/run/netns")
        self.public = Host("public")
        self.public.run("ip", "link", "add", "net0", "type", "bridge")
        self.public.run("ip", "link", "set", "net0", "up")
        self.public.address("net0", f"{SERVICE}/24", f"{TURN}/24")
        self.public.route_the_rest_into_nothing()
        self.public.run(
            "nft", "-f", "-",
            text=f"""table ip count {{
              counter relayed {{ }}
              chain input {{ type filter hook input priority filter; ip daddr {TURN} counter name relayed; }}
            }}""",
        )

    def relayed_bytes(self):
        words = self.public.run("nft", "list", "counter", "ip", "count", "relayed").split()
        return int(words[words.index("bytes") + 1])

    def plug(self, host, device):
        cable = f"to-{host.name}"
        host.join(self.public, device, cable)
        self.public.run("ip", "link", "set", cable, "master", "net0")

    def site(self, number, kind):
        """A host behind a router of this kind; `open` is a host with a public address of its own."""
        host = Host(f"host{number}")
        if kind == "open":
            self.plug(host, "wan")
            host.address("wan", f"198.51.100.{20 + number}/24")
            host.route_the_rest_into_nothing()
            return host
        router = Host(f"router{number}")
        self.plug(router, "wan")
        router.address("wan", f"198.51.100.{10 + number}/24")
        router.route_the_rest_into_nothing()
        router.join(host, "lan", "lan")
        router.address("lan", f"10.{number}.0.1/24")
        router.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        host.address("lan", f"10.{number}.0.2/24")
        host.route(f"10.{number}.0.1")
        rules = {hook: rule.format(host=f"10.{number}.0.2") for hook, rule in ROUTERS[kind].items()}
        router.run("nft", "-f", "-", text=_NAT.format(**rules))
        return host
