# SPDX-License-Identifier: MIT
"""Regular expressions searched for in long texts of bytes and of wide characters: literal prefixes, alternatives,
lazy and nested repeats, references back, lookaround, other case."""
import re

SIZE_QUICK = 3_700
SIZE_FULL = 44_000

SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sta", "ti", "vo"]
WORDS = [a + b for a in SYLLABLES for b in SYLLABLES]

PATTERNS = [
    r"kalo\w+", "stamine|vovone|rukalo", r"(\w\w)\1", r"\((.*?)\)", r"(?i)MIRU", r"(?<=ne)ti(?!vo)", r"(?:lo|ti)+sta\b",
    r"[aeiou]{2,}|[^\W\daeiou]{3,}", r"\b(?:\w+ +){2}vovo\b", r"\d+-(?:\d+)?", r"(?:(?:a|e|i|o|u)[b-df-hj-np-tv-z]+)+x?",
]


def make_text(lines):
    state = 3
    text = []
    for number in range(lines):
        line = []
        for _ in range(8):
            state = (state * 1664525 + 1013904223) % 4294967296
            line.append(WORDS[state >> 20 & 63])
        line[state >> 8 & 7] += "(%s %s)" % (line[0], line[1])
        if state & 1 << 12:
            line.append("%d-%d" % (number, state >> 22))
        text.append(" ".join(line))
    return "\n".join(text)


def run(size):
    text = make_text(size)
    counts = []
    for kind in (text, text.replace("kalo", "kalo\u0436"), text.encode()):
        for pattern in PATTERNS:
            if isinstance(kind, bytes):
                pattern = pattern.encode()
            counts.append(sum(1 for _ in re.finditer(pattern, kind)))
    return text, counts


def check(size, result):
    text, counts = result
    if text != make_text(size):
        raise ValueError("the text came back changed")
    each = len(PATTERNS)
    narrow, wide, plain = counts[:each], counts[each:2 * each], counts[2 * each:]
    if narrow != plain:
        raise ValueError("bytes have other matches: %r, %r" % (plain, narrow))
    # Another letter that is not ASCII, but fits a byte, changes the same matches.
    narrower = text.replace("kalo", "kalo\u00e9")
    if wide[0] != text.count("kalo") or wide != [len(re.findall(pattern, narrower)) for pattern in PATTERNS]:
        raise ValueError("wide characters have other matches: %r" % wide)
    if narrow[3] != size or narrow[4] != text.count("miru") or narrow[9] != text.count("-"):
        raise ValueError("%d brackets, %d times miru, %d numbers" % (narrow[3], narrow[4], narrow[9]))
    if narrow[1] != sum(text.count(word) for word in ("stamine", "vovone", "rukalo")):
        raise ValueError("found %d of three words" % narrow[1])
    doubled = 0
    for word in "".join(letter if letter.isalnum() else " " for letter in text).split():
        i = 0
        while i + 4 <= len(word):
            if word[i:i + 2] == word[i + 2:i + 4]:
                doubled += 1
                i += 4
            else:
                i += 1
    if narrow[2] != doubled:
        raise ValueError("%d pairs twice, not %d" % (narrow[2], doubled))
    after = sum(1 for i in range(len(text)) if text.startswith("neti", i) and not text.startswith("vo", i + 4))
    if narrow[5] != after:
        raise ValueError("found neti %d times, not %d" % (narrow[5], after))
