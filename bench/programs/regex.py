# SPDX-License-Identifier: MIT
"""Regular expressions: cutting a program text into tokens, searching lines, substitution by templates and functions."""
import re

SIZE_QUICK = 18_000
SIZE_FULL = 220_000

NAMES = ["alpha", "beta", "gamma", "delta_1", "i", "row", "column", "total"]
TOKEN = re.compile(r"""
    (?P<space>\s+) |
    (?P<comment>\#[^\n]*) |
    (?P<name>[A-Za-z_]\w*) |
    (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?) |
    (?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*") |
    (?P<operator>\*\*|//|[-+*/%<>=!]=?|[()\[\]{},.:;])
""", re.VERBOSE)
CALL = re.compile(r"\b(\w+)\((\w+), *(\w+)\)")
ASSIGNMENT = re.compile(r"^\s*(?P<target>\w+)\s*=\s*(?P<value>.+?)\s*(?:#.*)?$", re.MULTILINE)
NUMBER = re.compile(r"\b\d+\b")
WORD = re.compile("total|column", re.IGNORECASE)


def make_text(lines):
    state = 11
    text = []
    for _ in range(lines):
        state = (state * 1664525 + 1013904223) % 4294967296
        a, b, c = NAMES[state >> 8 & 7], NAMES[state >> 12 & 7], NAMES[state >> 16 & 7]
        kind = state >> 28
        if kind < 6:
            text.append("    %s = %s(%s, %s)  # the sum" % (a, b, c, a))
        elif kind < 11:
            text.append("%s = %d * (%s + %d.5e3)" % (b, state >> 20, c, state & 63))
        elif kind < 14:
            text.append("if %s[%d] <= 'it\\'s %s': Total(\"%s\")" % (a, state & 15, b, c))
        else:
            text.append("")
    return "\n".join(text) + "\n"


def run(size):
    text = make_text(size)
    counts = {}
    letters = 0
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        counts[kind] = counts.get(kind, 0) + 1
        letters += match.end() - match.start()
    swapped = CALL.sub(r"\1(\3, \2)", text)
    doubled = NUMBER.sub(lambda match: str(2 * int(match[0])), text)
    targets = [match["target"] for match in ASSIGNMENT.finditer(text)]
    lines = re.split(r"\n", text)
    starts = sum(1 for line in lines if re.match(r"if\s+(\w+)\[(\d+)\]", line))
    words = WORD.findall(text)
    return text, counts, letters, swapped, doubled, targets, starts, words


def check(size, result):
    text, counts, letters, swapped, doubled, targets, starts, words = result
    if letters != len(text):
        raise ValueError("the tokens have %d letters, the text %d" % (letters, len(text)))
    if counts.get("comment", 0) != text.count("#") or counts.get("text", 0) != 2 * starts:
        raise ValueError("%d comments, %d texts" % (counts.get("comment", 0), counts.get("text", 0)))
    expected = [line.split()[0] for line in text.split("\n") if " = " in line]
    if targets != expected:
        raise ValueError("assignments to %d names" % len(targets))
    if starts != sum(line.startswith("if ") for line in text.split("\n")):
        raise ValueError("%d lines begin with if" % starts)
    low = text.lower()
    if len(words) != low.count("total") + low.count("column"):
        raise ValueError("found %d words" % len(words))
    if CALL.sub(r"\g<1>(\g<3>, \g<2>)", swapped) != text or (size > 100 and swapped == text):
        raise ValueError("swapping twice changed the text")
    # Numbers stand free wherever no letter, digit or underscore is beside them.
    plain = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text)
    numbers = [word for word in plain.split() if word.isdecimal()]
    plain = "".join(letter if letter.isalnum() or letter == "_" else " " for letter in doubled)
    if [word for word in plain.split() if word.isdecimal()] != [str(2 * int(word)) for word in numbers]:
        raise ValueError("numbers were not doubled")
