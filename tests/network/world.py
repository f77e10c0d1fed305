# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small internet in network namespaces: a public network with the service and a STUN and TURN server, and two sites behind
the kind of router that the test asks for. Nothing of it reaches the machine's own network, and no rights are needed: the
test's process and its children live in a user namespace of their own (`isolate`).

    site a                      public network 198.51.100.0/24                      site b
    10.1.0.2 -- 10.1.0.1 [router] 198.51.100.11 ---- .1 service, .2 STUN and TURN ---- 198.51.100.12 [router] 10.2.0.1 -- 10.2.0.2

The public network has IPv6 as well (2001:db8::/64), in which the service and the servers have the same numbers. A host may also
be at the end of a bad path (`World.far`).
"""

import os
import subprocess
import sys

SKIPPED = 77  # as meson has it

SERVICE = "198.51.100.1"
TURN = "198.51.100.2"
SERVICE6 = "2001:db8::1"
TURN6 = "2001:db8::2"
FAR, NEAR = "198.51.101.2", "198.51.101.1"  # the two ends of a bad path

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
    # Likewise, and to the TURN server only what looks like the web's TLS passes. (The service's own port does, too.)
    "tls_only": {
        "inbound": "",
        "outbound": "masquerade",
        "through": f"meta l4proto udp drop; ip daddr {TURN} tcp dport != 5349 drop;",
    },
}
KINDS = ("open", "open_ipv6", *ROUTERS)


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


def certificate(folder, address):
    """Makes cert.pem and key.pem for an address, and gives the path of the certificate, which vouches for itself."""
    path = folder / "cert.pem"
    run(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=turn",
        "-addext", f"subjectAltName=IP:{address}", "-keyout", str(folder / "key.pem"), "-out", str(path),
    )  # fmt: skip
    return path


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
        for host, device in ((self, name), (other, others_name)):
            # Neighbours in the public network are none in the real one, where link-local addresses do not reach.
            host.run("ip", "link", "set", device, "addrgenmode", "none")
            host.run("ip", "link", "set", device, "up")

    def address(self, device, *addresses):
        for address in addresses:
            # Nobody else has it: there is no need to ask around for a second.
            unasked = ["nodad"] if ":" in address else []
            self.run("ip", "address", "add", address, "dev", device, *unasked)

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
        self.public.address("net0", f"{SERVICE}/24", f"{TURN}/24", f"{SERVICE6}/64", f"{TURN6}/64")
        self.public.route_the_rest_into_nothing()
        self.public.run(
            "nft", "-f", "-",
            text=f"""table inet count {{
              counter relayed {{ }}
              chain input {{
                type filter hook input priority filter;
                ip daddr {TURN} counter name relayed;
                ip6 daddr {TURN6} counter name relayed;
              }}
            }}""",
        )

    def relayed_bytes(self):
        words = self.public.run("nft", "list", "counter", "inet", "count", "relayed").split()
        return int(words[words.index("bytes") + 1])

    def plug(self, host, device):
        cable = f"to-{host.name}"
        host.join(self.public, device, cable)
        self.public.run("ip", "link", "set", cable, "master", "net0")

    def site(self, number, kind):
        """A host behind a router of this kind; `open` is a host with a public address of its own."""
        host = Host(f"host{number}")
        if kind.startswith("open"):
            self.plug(host, "wan")
            host.address("wan", f"2001:db8::{20 + number}/64" if kind == "open_ipv6" else f"198.51.100.{20 + number}/24")
            if kind == "open":
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

    def far(self, path_relay, *shape):
        """A host at the end of a path that delays, loses, reorders and holds back packets as `path_relay.cpp` says; and the
        process that carries them."""
        host = Host("far")
        ends = ["/run/netns/far:path", "/run/netns/public:path"]
        relay = subprocess.Popen([path_relay, *ends, *shape], stdout=subprocess.PIPE, text=True)
        if relay.stdout.readline() != "ready\n":
            print("skipped: this system gives no tun devices")
            sys.exit(SKIPPED)
        for end, address, other in ((host, FAR, NEAR), (self.public, NEAR, FAR)):
            end.run("ip", "address", "add", address, "peer", other, "dev", "path")
            end.run("ip", "link", "set", "path", "up", "mtu", "1500")
        host.route(NEAR)
        self.public.run("sysctl", "-qw", "net.ipv4.ip_forward=1")
        return host, relay

    def route_to_far(self, host):
        host.run("ip", "route", "add", FAR, "via", SERVICE)
