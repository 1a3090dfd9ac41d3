# SPDX-License-Identifier: MIT
"""Pancake flips over all permutations of 8: small lists of small integers, slices, swaps."""

SIZE_QUICK = 2
SIZE_FULL = 22

CARDS = 8

# The checksum and the longest run of flips, as published with the fannkuch-redux benchmark.
KNOWN = (1616, 22)


def flips(permutation):
    """How often the first n cards have to be turned over until a 0 lies on top."""
    cards = permutation[:]
    count = 0
    top = cards[0]
    while top:
        cards[:top + 1] = cards[top::-1]
        count += 1
        top = cards[0]
    return count


def fannkuch(size):
    permutation = list(range(size))
    turns = [0] * size
    longest = checksum = 0
    sign = 1
    while True:
        if permutation[0]:
            count = flips(permutation)
            checksum += sign * count
            if count > longest:
                longest = count
        sign = -sign
        # The next permutation: rotate the shortest prefix that has not yet come round.
        length = 2
        while True:
            if length > size:
                return checksum, longest
            permutation.insert(length - 1, permutation.pop(0))
            turns[length - 1] += 1
            if turns[length - 1] < length:
                break
            turns[length - 1] = 0
            length += 1


def run(size):
    return [fannkuch(CARDS) for _ in range(size)]


def check(size, result):
    if result != [KNOWN] * size:
        raise ValueError("%r is not %r %d times" % (result, KNOWN, size))
