#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""All that CI runs, as steps that do not hide one another, and one count over them.

A step is a command, and counts as one check; a step that runs meson's tests counts each of them instead. `./dev check NAME...`
runs only the steps of these names.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ("app", "base", "bench", "plugins", "signaling", "tests")
DEADLINE = time.monotonic() + 84 * 60  # of the whole run on a busy machine, so that CI still gets the count
JOBS = str(os.cpu_count() or 2)
# In what a failed test printed, the lines that tell why: of check, of node:test, of Python and of the sanitizers.
TELLING = re.compile(r":[FE]:|not ok \d|^\s*(error|expected|actual):|\w+Error\b|SUMMARY: |runtime error: ")
failures = []  # what failed, each with the lines that tell why
# The second compiler builds everything, and with the sanitizers at once. Optimised, that would take four times as long.
CLANG = {"CC": "clang", "CXX": "clang++"}
CLANG_OPTIONS = [
    *("-Dwerror=true", "-Dtests=enabled", "-Dbench=true", "-Doptimization=0", "-Ddebug=false"),
    *("-Dcpp_args=-gline-tables-only", "-Db_sanitize=address,undefined", "-Db_lundef=false"),
]
TSAN_OPTIONS = ["-Dtests=enabled", "-Dbuildtype=debug", "-Db_sanitize=thread", "-Db_lundef=false"]


def sources(*suffixes):
    return sorted(
        str(path.relative_to(ROOT))
        for folder in SOURCES
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "node_modules" not in path.parts
    )


def shell_scripts():
    return ["dev", ".ci/run"] + sources(".sh")


def run(command, minutes, env=None):
    """Whether the command succeeded. At its deadline it is killed with all that it started."""
    print(f"\n::: {' '.join(command)[:150]}", flush=True)
    limit = max(1.0, min(minutes * 60, DEADLINE - time.monotonic()))
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            return process.wait(limit) == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(f"::: killed after {limit:.0f} s")
            return False


def check(command, minutes, env=None):
    passed = run(command, minutes, env)
    if not passed:
        failures.append(" ".join(command)[:100])
    return int(passed), int(not passed), 0


def configured(name, *options, env=None):
    build = ROOT / "build" / name
    if (build / "build.ninja").exists():
        return True
    return run(["meson", "setup", str(build), str(ROOT), *options], 3, env)


def built(name, *options, env=None, minutes=25):
    return configured(name, *options, env=env) and run(["meson", "compile", "-C", f"build/{name}"], minutes)


def count_tests(name, run_tests):
    """What meson's log of the run says; a run that failed without a failing test counts as one failure."""
    log = ROOT / "build" / name / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    succeeded = run_tests()
    results = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    passed = sum(each["result"] in ("OK", "EXPECTEDFAIL") for each in results)
    skipped = sum(each["result"] == "SKIP" for each in results)
    failed = [each for each in results if each["result"] not in ("OK", "EXPECTEDFAIL", "SKIP")]
    failures.extend(f"{name}: {told(each)}" for each in failed)
    return passed, max(len(failed), int(not succeeded)), skipped


def told(test):
    """A failed test by its name, and the lines of its output that tell why."""
    lines = [line.strip()[:200] for stream in ("stdout", "stderr") for line in test.get(stream, "").splitlines() if line.strip()]
    # What is told in several lines is told from the next line on.
    telling = [line for before, line in zip(["", *lines], lines) if TELLING.search(line) or before.endswith("|-")] or lines
    return "\n    ".join([f"{test['name']} ({test['result']}, {test['duration']:.0f} s)", *telling[-9:]])


def tests_of(name, *suites, minutes):
    """The tests of these suites in that build. meson builds what they need, and nothing else."""
    command = ["meson", "test", "-C", f"build/{name}", "--print-errorlogs", "-t", "3"]
    for suite in suites:
        command += ["--suite", suite]
    return count_tests(name, lambda: run(command, minutes))


def web():
    """The page's types, lints and pure modules."""
    tools = "web/node_modules/.bin"
    steps = [
        check([f"{tools}/tsc", "-p", "web"], 4),
        check([f"{tools}/tsc", "-p", "web/tsconfig.worker.json"], 4),
        check(["npm", "--prefix", "web", "run", "--silent", "lint"], 4),
    ]
    return tuple(sum(counts) for counts in zip(*steps))


class Ahead(threading.Thread):
    """Builds what later steps need while tests run, which leave the processors idle for most of their time, and with what they
    leave. What fails is built again, and told, by its step."""

    def __init__(self, names):
        super().__init__(daemon=True)
        self.names = names
        self.over = threading.Event()

    def run(self):
        if "clang" in self.names and configured("clang", *CLANG_OPTIONS, env=CLANG):
            self.build("clang")
        if "tsan" in self.names and configured("tsan", *TSAN_OPTIONS):
            targets = subprocess.run(["ninja", "-C", ROOT / "build/tsan", "-t", "targets", "all"], capture_output=True, text=True).stdout
            tests = [line.split(":")[0] for line in targets.splitlines()]
            self.build("tsan", *(test for test in tests if test.startswith("tests/unit/") and test.endswith("_test")))

    def build(self, name, *targets):
        command = ["chrt", "--idle", "0", "ninja", "-C", str(ROOT / "build" / name), *targets]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
            while process.poll() is None and not self.over.wait(0.5):
                pass
            process.terminate()

    def finish(self):
        """Two builds of one folder at once would break it; what is left is built at full speed."""
        self.over.set()
        self.join()


def tidy():
    if not configured("clang", *CLANG_OPTIONS, env=CLANG):
        return 0, 1, 0
    return check(["run-clang-tidy-14", "-p", "build/clang", "-quiet", "-j", JOBS], 40)


def clang():
    if not built("clang", *CLANG_OPTIONS, env=CLANG):
        return 0, 1, 0
    passed, failed, skipped = tests_of("clang", "unit", "element", "integration", minutes=40)
    return passed + 1, failed, skipped


def tsan():
    return tests_of("tsan", "unit", minutes=15) if configured("tsan", *TSAN_OPTIONS) else (0, 1, 0)


STEPS = {
    "format": lambda: check(["clang-format-14", "--dry-run", "-Werror", *sources(".cpp", ".hpp", ".h")], 2),
    "shellcheck": lambda: check(["shellcheck", *shell_scripts()], 2),
    "web": web,
    "tree": lambda: check([sys.executable, "tools/check_tree.py"], 1),
    "test": lambda: count_tests("test", lambda: run(["./dev", "test"], 45)),
    "clang": clang,
    "tsan": tsan,
}
# Half an hour of two cores: run by its name.
BY_NAME = {"tidy": tidy}


def main():
    names = sys.argv[1:] or list(STEPS)
    steps = {**STEPS, **BY_NAME}
    unknown = [name for name in names if name not in steps]
    if unknown:
        sys.exit(f"no such check: {' '.join(unknown)}; there are: {' '.join(steps)}")
    totals = {}
    ahead = Ahead(names)
    for name in names:
        start = time.monotonic()
        named = len(failures)
        if name == "test":
            ahead.start()
        elif ahead.ident is not None:
            ahead.finish()
        passed, failed, skipped = steps[name]()
        if failed and len(failures) == named:
            failures.append(f"{name}: what it builds, or what runs its tests")
        totals[name] = (passed, failed, skipped, time.monotonic() - start)
    print(f"\n{'check':12} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}")
    for name, (passed, failed, skipped, seconds) in totals.items():
        print(f"{name:12} {passed:7} {failed:7} {skipped:8} {seconds:8.0f}")
    for failure in failures:
        print(f"failed: {failure}")
    passed = sum(total[0] for total in totals.values())
    failed = sum(total[1] for total in totals.values())
    print(f"{passed} passed, {failed} failed", flush=True)
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
