#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Rules of the tree that no compiler knows: links of the docs lead somewhere, files carry their
licence, stay short and leave nothing to do."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SKIPPED = {"build", "node_modules", ".git", ".cache", "__pycache__"}
CODE = {".cpp", ".hpp", ".h", ".py", ".mjs", ".js", ".sh"}
MOST_LINES = 500
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")


def files():
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT)
        if path.is_file() and not SKIPPED & set(inside.parts) and not inside.parts[0].startswith("build"):
            yield inside


def anchors(markdown):
    """The names that GitHub gives to the headings."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.S)
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.M):
        yield re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_links(path):
    text = re.sub(r"```.*?```", "", (ROOT / path).read_text(), flags=re.S)
    for match in LINK.finditer(text):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue  # the network is no part of a test
        target, _, anchor = link.partition("#")
        file = (ROOT / path).parent / target if target else ROOT / path
        if not file.exists():
            yield f"{path}: {link} leads nowhere"
        elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
            yield f"{path}: {link} names no heading"


def code_problems(path):
    lines = (ROOT / path).read_text().splitlines()
    if not any("SPDX-License-Identifier: LGPL-2.1-or-later" in line for line in lines[:3]):
        yield f"{path}: no SPDX line on top"
    if len(lines) > MOST_LINES:
        yield f"{path}: {len(lines)} lines; more than {MOST_LINES} want to be two files"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{path}:{number}: something is left to do"


def page_problems():
    """The page in rtc-signald has exactly the files of `web/`, without those that only check it."""
    listing = "web/page.gresource.xml"
    listed = set(re.findall(r"<file>(.+)</file>", (ROOT / listing).read_text()))
    tools = re.compile(r"web/(?:test/|tsconfig.*|package.*|page\.gresource\.xml|eslint\.config\.js)")
    there = {path.as_posix()[len("web/"):] for path in files() if path.parts[0] == "web" and not tools.match(path.as_posix())}
    yield from (f"{listing}: {name} is missing" for name in sorted(there - listed))
    yield from (f"{listing}: there is no {name}" for name in sorted(listed - there))


def main():
    problems = list(page_problems())
    for path in files():
        if path.suffix == ".md":
            problems += broken_links(path)
        elif path.suffix in CODE or path.name == "dev":
            problems += code_problems(path)
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
