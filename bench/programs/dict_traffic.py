# SPDX-License-Identifier: MIT
"""Dictionaries: inserting, finding, missing, replacing and deleting string and integer keys."""

SIZE_QUICK = 250_000
SIZE_FULL = 2_800_000

WORDS = ["k%d" % i for i in range(500)]


def run(size):
    histogram = {}
    squares = {}
    words = WORDS
    state = 1
    for i in range(size):
        state = (state * 69069 + 5) % 4294967296
        word = words[state >> 16 & 255]
        if word in histogram:
            histogram[word] += 1
        else:
            histogram[word] = 1
        squares[i] = i * i
        if i >= 1000:
            del squares[i - 1000]
    missing = 0
    for word in words:
        if histogram.get(word) is None:
            missing += 1
    inverse = {}
    for word, count in histogram.items():
        inverse.setdefault(count, []).append(word)
    return histogram, missing, inverse, squares


def check(size, result):
    histogram, missing, inverse, squares = result
    if sum(histogram.values()) != size or len(histogram) + missing != len(WORDS):
        raise ValueError("the histogram counts %d" % sum(histogram.values()))
    if sum(len(group) for group in inverse.values()) != len(histogram):
        raise ValueError("the inverse lost words")
    for count, group in inverse.items():
        for word in group:
            if histogram[word] != count:
                raise ValueError("the inverse is wrong about %s" % word)
    if list(squares) != list(range(max(0, size - 1000), size)):
        raise ValueError("the window holds the wrong keys")
    for key, value in squares.items():
        if value != key * key:
            raise ValueError("squares[%d] is %r" % (key, value))
