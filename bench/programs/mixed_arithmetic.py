# SPDX-License-Identifier: MIT
"""Integers and floats in one expression: conversions, true and floor division, remainders."""

SIZE_QUICK = 350_000
SIZE_FULL = 4_300_000


def run(size):
    exact = 0
    halves = 0.0
    whole = 0
    above = 0
    for i in range(size):
        halves += i * 0.5 + i / 4
        whole += i // 3 + i % 7
        exact += 2 * i - int(i * 0.25)
        if i * 1.5 > size:
            above += 1
    return exact, halves, whole, above


def check(size, result):
    triangle = size * (size - 1) // 2

    def floors(divisor):
        """Sum of i // divisor for i below size."""
        full, rest = divmod(size, divisor)
        return divisor * full * (full - 1) // 2 + rest * full

    exact = 2 * triangle - floors(4)
    whole = floors(3) + triangle - 7 * floors(7)
    above = size - 1 - 2 * size // 3 if size else 0
    if result != (exact, 0.75 * triangle, whole, above):
        raise ValueError("%r is not %r" % (result, (exact, 0.75 * triangle, whole, above)))
