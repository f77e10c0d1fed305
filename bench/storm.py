#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""tests/network/file_storm.py with the programs of this build: 200 runs, unless it is told otherwise."""

import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("MESON_BUILD_ROOT", ROOT / "build" / "bench"))
programs = [shutil.which("rtc-signald"), shutil.which("rtc-call"), str(BUILD / "bench" / "path_relay")]
os.execv(sys.executable, [sys.executable, str(ROOT / "tests" / "network" / "file_storm.py"), *programs, *sys.argv[1:]])
