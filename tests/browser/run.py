#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""run.py TEST: runs one file of browser tests, or skips it (exit status 77) and says what is missing.

It runs in a network of its own with one interface, where the system gives one: browsers that find nothing but the loopback are
offline and have no candidate for a call; and what else goes on in the machine's network is no matter of these tests.
"""

import os
import pathlib
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
BROWSERS = {
    os.environ.get("CHROMIUM", "/usr/bin/chromium"): "chromium",
    os.environ.get("FIREFOX", "/usr/bin/firefox-esr"): "firefox-esr",
}
# An interface is up while the other end of its pair is. The route is for what goes to all, as the names of candidates do (mDNS).
# No address comes by itself later: a browser breaks off what it loads when its network changes (ERR_NETWORK_CHANGED).
NETWORK = """
ip link set lo up &&
ip link add here type veth peer name there &&
ip link set here addrgenmode none &&
ip link set there addrgenmode none &&
ip addr add 10.77.0.1/24 dev here &&
ip link set here up &&
ip link set there up &&
ip route add default dev here &&
exec "$@"
"""


def in_own_network(command):
    """The command in a network of its own, or as it is."""
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    wrapped = [*unshare, "sh", "-ec", NETWORK, "sh"]
    try:
        possible = subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        possible = False
    return [*wrapped, *command] if possible else command


def missing():
    if not shutil.which("node"):
        return "Node.js (Debian package nodejs)"
    for driver in ("playwright-core", "puppeteer-core"):
        if not (FOLDER / "node_modules" / driver).is_dir():
            return f"{driver} (npm ci in {FOLDER})"
    for program, package in BROWSERS.items():
        if not os.access(program, os.X_OK):
            return f"{program} (Debian package {package})"
    return None


lack = missing()
if lack:
    print(f"skipped: there is no {lack}; `./dev test browser` installs it")
    sys.exit(77)
os.chdir(FOLDER)
arguments = in_own_network(["node", "--test-reporter=tap", sys.argv[1]])
os.execvp(arguments[0], arguments)
