# SPDX-License-Identifier: MIT
"""Exceptions: raised and caught here, through frames, re-raised, with `finally`, never raised."""

SIZE_QUICK = 80_000
SIZE_FULL = 950_000


class Refused(Exception):
    def __init__(self, number):
        Exception.__init__(self, number)
        self.number = number


def gate(n):
    if n % 3 == 0:
        raise Refused(n)
    return n


def deeper(n, depth):
    if depth:
        return deeper(n, depth - 1)
    return gate(n)


def guarded(n, log):
    log[0] += 1
    try:
        return deeper(n, 4)
    finally:
        log[1] += 1


def run(size):
    passed = refused = missing = 0
    log = [0, 0]
    table = {}
    for i in range(size):
        try:
            passed += guarded(i, log)
        except Refused as error:
            refused += error.number
        try:
            table[i & 7]
        except KeyError:
            table[i & 7] = i
        try:
            try:
                if i % 5 == 0:
                    [][i]
            except IndexError as error:
                raise ValueError(i) from error
        except ValueError:
            missing += 1
    return passed, refused, missing, log, len(table)


def check(size, result):
    refused = sum(range(0, size, 3))
    passed = size * (size - 1) // 2 - refused
    expected = (passed, refused, (size + 4) // 5, [size, size], min(size, 8))
    if result != expected:
        raise ValueError("%r is not %r" % (result, expected))
