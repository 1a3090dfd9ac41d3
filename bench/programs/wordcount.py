# SPDX-License-Identifier: MIT
"""Counting words in a text: splitting lines, stripping, lower case, a dictionary, a sort."""

SIZE_QUICK = 16_000
SIZE_FULL = 160_000

SYLLABLES = ["ka", "lo", "mi", "ne", "ru", "sta", "ti", "vo"]
WORDS = [a + b for a in SYLLABLES for b in SYLLABLES] + SYLLABLES
LINE = 12


def make_text(lines):
    state = 7
    text = []
    for _ in range(lines):
        line = []
        for _ in range(LINE):
            state = (state * 1664525 + 1013904223) % 4294967296
            line.append(WORDS[(state >> 20) % len(WORDS)])
        text.append(" ".join(line).capitalize() + ".")
    return "\n".join(text)


def run(size):
    text = make_text(size)
    counts = {}
    longest = 0
    for line in text.split("\n"):
        for word in line.split():
            word = word.strip(".,;").lower()
            counts[word] = counts.get(word, 0) + 1
            if len(word) > longest:
                longest = len(word)
    ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return text, ranking, longest


def check(size, result):
    text, ranking, longest = result
    if sum(count for _, count in ranking) != size * LINE:
        raise ValueError("%d words" % sum(count for _, count in ranking))
    if longest != max(len(word) for word, _ in ranking):
        raise ValueError("the longest word has %d letters" % longest)
    # A line is its words, a blank between two, a full stop, and a line break but for the last.
    letters = sum(len(word) * count for word, count in ranking)
    if len(text) != letters + size * (LINE + 1) - 1:
        raise ValueError("the words have %d letters, the text %d" % (letters, len(text)))
    flat = "  " + text.lower().replace(".", "").replace("\n", "  ").replace(" ", "  ") + "  "
    for place, (word, count) in enumerate(ranking):
        if place and (-ranking[place - 1][1], ranking[place - 1][0]) >= (-count, word):
            raise ValueError("the ranking is out of order at %s" % word)
        if place % 7 == 0 and flat.count(" " + word + " ") != count:
            raise ValueError("%s is there %d times" % (word, flat.count(" " + word + " ")))
