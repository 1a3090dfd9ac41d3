# SPDX-License-Identifier: MIT
"""Functions made at run time: captured variables, `nonlocal`, composition, lambdas, callbacks."""

SIZE_QUICK = 100_000
SIZE_FULL = 1_300_000


def adder(amount):
    def add(value):
        return value + amount
    return add


def counter():
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count
    return step


def compose(outer, inner):
    return lambda value: outer(inner(value))


def each(items, callback):
    for item in items:
        callback(item)


def run(size):
    total = 0
    steps = counter()
    weights = counter()
    pipeline = compose(adder(3), compose(lambda value: value * 2, adder(-1)))
    for i in range(size):
        total += pipeline(i) + adder(i)(1)
        steps()
        each((i, 1, 2), lambda item: weights(by=item))
    return total, steps(0), weights(0)


def check(size, result):
    triangle = size * (size - 1) // 2
    expected = (3 * triangle + 2 * size, size, triangle + 3 * size)
    if result != expected:
        raise ValueError("%r is not %r" % (result, expected))
