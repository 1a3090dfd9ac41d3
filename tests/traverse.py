#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Every reference that a type's destroy slot drops is visited by its traverse slot, those to leaves too.

A collector that finds the living by following references loses what one of them leads to. This looks at the text of the
C files: for each type, the fields named in ref_release() within its destroy function (and the functions of the same file that
it calls with the object) have to be named in its traverse function (and those it calls).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent / "vm"
DROPPED = re.compile(r"\b(?:ref_release|ref_release_object|reg_release|reg_clear)\(&?[^;]*?->(\w+)(?:\.(\w+))?\)")


def functions(text):
    found = {}
    for match in re.finditer(r"^(?:static |inline )*void (\w+)\([^;{]*\) \{", text, re.M):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found[match.group(1)] = text[match.end():end]
    return found


def with_callees(name, bodies, seen=()):
    body = bodies.get(name, "")
    for callee in set(re.findall(r"\b(\w+)\(", body)) & set(bodies) - set(seen) - {name}:
        body += with_callees(callee, bodies, (*seen, name))
    return body


def main():
    wrong = 0
    for path in sorted(ROOT.rglob("*.c")):
        text = path.read_text()
        bodies = functions(text)
        for block in re.findall(r"Type \w+ = \{(.*?)\};\n", text, re.S):
            destroy = re.search(r"\.destroy = (\w+)", block)
            if not destroy:
                continue
            traverse = re.search(r"\.traverse = (\w+)", block)
            visited = with_callees(traverse.group(1), bodies) if traverse else ""
            for field, inner in DROPPED.findall(with_callees(destroy.group(1), bodies)):
                if not re.search(rf"\b{inner or field}\b", visited):
                    print(f"{path.relative_to(ROOT.parent)}: {destroy.group(1)} drops {field}, which is not traversed")
                    wrong = 1
    return wrong


sys.exit(main())
