#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The layers of the house hold: each part includes only what stands below it, and the pure parts cannot see GLib.

The first is read from the sources. For the second each pure target is compiled once more with its own flags and GLib's
header in front, which must fail because the header is not found.
"""
import json
import os
import re
import shlex
import subprocess
import sys

# A part, and the parts that it may include beside itself. The longest prefix of a path tells its part.
MAY_INCLUDE = {
    'base': [],
    'signaling/protocol': ['base'],
    'signaling/client': ['base', 'signaling/protocol'],
    'signaling/server': ['base', 'signaling/protocol'],
    'plugins/core': ['base', 'signaling/protocol'],
    'plugins/av1': ['base', 'plugins/core'],
    'plugins/session': ['base', 'signaling/protocol', 'signaling/client', 'plugins/core'],
    'plugins/signal': ['base', 'signaling/protocol', 'signaling/client', 'plugins/core', 'plugins/session'],
    'plugins/data': ['base', 'signaling/protocol', 'signaling/client', 'plugins/core', 'plugins/session'],
    'plugins/file': ['base', 'signaling/protocol', 'signaling/client', 'plugins/core', 'plugins/session'],
    'plugins': ['base', 'signaling/protocol', 'signaling/client', 'plugins/core', 'plugins/av1', 'plugins/session', 'plugins/signal', 'plugins/data', 'plugins/file'],
    'app': ['base', 'signaling/protocol', 'signaling/client'],
}

# Targets whose sources must compile without GLib and GStreamer, by the folder of their object files, and a floor for how
# many sources they have, so that a renamed target does not silently drop out.
PURE_TARGETS = {'librtcprotocol.a.p': 7, 'librtchub.a.p': 7, 'librtcwire.a.p': 9, 'librtccodec.a.p': 4, 'librtccore.a.p': 3}
FORBIDDEN_HEADERS = ['glib.h', 'glib-object.h', 'gst/gst.h', 'libsoup/soup.h', 'json-glib/json-glib.h']

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def part_of(path):
    parts = [part for part in MAY_INCLUDE if path == part or path.startswith(part + '/')]
    return max(parts, key=len) if parts else None


def included_parts(root, path):
    with open(os.path.join(root, path), encoding='utf-8') as source:
        text = source.read()
    for header in INCLUDE.findall(text):
        in_tree = header if os.path.exists(os.path.join(root, header)) else os.path.join(os.path.dirname(path), header)
        yield header, part_of(os.path.normpath(in_tree))


def sources(root):
    for top in sorted({part.split('/')[0] for part in MAY_INCLUDE}):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                if name.endswith(('.hpp', '.cpp', '.h', '.c')):
                    yield os.path.relpath(os.path.join(folder, name), root)


def breaches_of_layers(root):
    seen = set()
    for path in sources(root):
        part = part_of(path)
        seen.add(part)
        for header, included in included_parts(root, path):
            if included and included != part and included not in MAY_INCLUDE[part]:
                yield f'{path} includes {header}: {part} must not know {included}'
    for part in ('base', 'signaling/protocol', 'signaling/server'):
        if part not in seen:
            yield f'no source found in {part}: the table of this test is stale'


def pure_commands(build):
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as database:
        for entry in json.load(database):
            for target in PURE_TARGETS:
                if '/' + target + '/' in entry['output'] or entry['output'].startswith(target + '/'):
                    yield target, entry


def without_output(command):
    """The flags of a compilation, without the compiler cache and without what it writes."""
    words = [word for word in shlex.split(command) if os.path.basename(word) != 'ccache']
    kept, skip = [], False
    for word in words:
        if skip or word in ('-MD', '-c'):
            skip = False
        elif word in ('-o', '-MF', '-MQ'):
            skip = True
        else:
            kept.append(word)
    return kept[:-1]


def finds(entry, header):
    command = without_output(entry['command']) + ['-fsyntax-only', '-include', header, '-x', 'c++', os.devnull]
    done = subprocess.run(command, cwd=entry['directory'], capture_output=True, text=True, check=False)
    if done.returncode != 0 and header not in done.stderr:
        sys.exit(f'the compiler fails for another reason:\n{done.stderr}')
    return done.returncode == 0


def breaches_of_purity(build):
    entries = {}
    for target, entry in pure_commands(build):
        entries.setdefault(target, []).append(entry)
    for target, floor in PURE_TARGETS.items():
        found = entries.get(target, [])
        if len(found) < floor:
            yield f'{target} has {len(found)} sources, expected {floor} at least'
            continue
        # All sources of a target are compiled with one set of flags.
        if not finds(found[0], 'string'):
            yield f'{target}: not even <string> is found, so this test shows nothing'
        for header in FORBIDDEN_HEADERS:
            if finds(found[0], header):
                yield f'{target} can include {header}'


def main():
    root, build = sys.argv[1:]
    breaches = list(breaches_of_layers(root)) + list(breaches_of_purity(build))
    print('\n'.join(breaches) or 'the layers hold')
    sys.exit(1 if breaches else 0)


main()
