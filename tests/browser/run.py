#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""run.py TEST: runs one file of browser tests, or skips it (exit status 77) and says what is missing."""

import os
import pathlib
import shutil
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def missing():
    if not shutil.which("node"):
        return "Node.js (Debian package nodejs)"
    if not (FOLDER / "node_modules" / "playwright-core").is_dir():
        return f"playwright-core (npm ci in {FOLDER})"
    if not os.access(CHROMIUM, os.X_OK):
        return f"{CHROMIUM} (Debian package chromium)"
    return None


lack = missing()
if lack:
    print(f"skipped: there is no {lack}; `./dev test browser` installs it")
    sys.exit(77)
os.chdir(FOLDER)
os.execvp("node", ["node", "--test-reporter=tap", sys.argv[1]])
