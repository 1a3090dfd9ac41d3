# SPDX-License-Identifier: MIT
"""The spectral norm of an infinite matrix's corner: float products over lists, many small calls."""

import math

SIZE_QUICK = 165
SIZE_FULL = 560

KNOWN = {100: 1.274219991}


def entry(row, column):
    return 1.0 / ((row + column) * (row + column + 1) // 2 + row + 1)


def times(vector):
    size = len(vector)
    result = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += entry(row, column) * vector[column]
        result.append(total)
    return result


def times_transposed(vector):
    size = len(vector)
    return [sum([entry(row, column) * vector[row] for row in range(size)])
            for column in range(size)]


def run(size):
    u = [1.0] * size
    v = u
    for _ in range(6):
        v = times_transposed(times(u))
        u = times_transposed(times(v))
    norm = math.sqrt(sum(a * b for a, b in zip(u, v)) / sum(b * b for b in v))
    return norm, v


def check(size, result):
    norm, v = result
    if size in KNOWN and abs(norm - KNOWN[size]) > 2e-6:
        raise ValueError("the norm is %r" % norm)
    if size > 20 and not 1.2735 < norm < 1.27423:
        raise ValueError("the norm is %r" % norm)
    # v has to be an eigenvector: one entry of (A'A) v, worked out on its own.
    row = min(3, size - 1)
    entries = [math.fsum(v[k] / ((i + k) * (i + k + 1) // 2 + i + 1) for k in range(size))
               for i in range(size)]
    again = math.fsum(entries[i] / ((i + row) * (i + row + 1) // 2 + i + 1) for i in range(size))
    if abs(again / v[row] - norm * norm) > 1e-3:
        raise ValueError("the vector is no eigenvector: %r" % (again / v[row]))
