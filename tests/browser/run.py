#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""run.py TEST: runs one file of browser tests, or skips it (exit status 77) and says what is missing."""

import os
import pathlib
import shutil
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
BROWSERS = {
    os.environ.get("CHROMIUM", "/usr/bin/chromium"): "chromium",
    os.environ.get("FIREFOX", "/usr/bin/firefox-esr"): "firefox-esr",
}


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
os.execvp("node", ["node", "--test-reporter=tap", sys.argv[1]])
