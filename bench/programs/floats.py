# SPDX-License-Identifier: MIT
"""Float arithmetic: Simpson's rule, Newton's square root and a damped oscillator, all in floats."""

import math

SIZE_QUICK = 320_000
SIZE_FULL = 3_700_000


def simpson(steps):
    """The integral of 4 / (1 + x * x) from 0 to 1, which is pi."""
    width = 1.0 / steps
    total = 0.0
    left = 0.0
    for _ in range(steps):
        middle = left + 0.5 * width
        right = left + width
        total += (1.0 / (1.0 + left * left) + 4.0 / (1.0 + middle * middle)
                  + 1.0 / (1.0 + right * right))
        left = right
    return 4.0 * total * width / 6.0


def square_root(x):
    guess = 0.5 * (1.0 + x)
    for _ in range(6):
        guess = 0.5 * (guess + x / guess)
    return guess


def oscillate(steps):
    """Leap-frog steps of x'' = -x over one full period; ends where it began."""
    step = 2.0 * math.pi / steps
    position = 1.0
    velocity = -0.5 * step * position
    for _ in range(steps):
        position += step * velocity
        velocity -= step * position
    return position


def run(size):
    roots = 0.0
    for i in range(size // 4):
        roots += square_root(1.0 + i / size)
    return simpson(size), roots, oscillate(size)


def check(size, result):
    pi, roots, position = result
    if abs(pi - math.pi) > 1e-9 + 0.1 / size ** 4:
        raise ValueError("the integral is %r" % pi)
    expected = math.fsum(math.sqrt(1.0 + i / size) for i in range(size // 4))
    if abs(roots - expected) > 1e-9 * (1.0 + expected):
        raise ValueError("the roots sum to %r, not %r" % (roots, expected))
    if size > 8 and abs(position - 1.0) > 100.0 / (size * size) + 1e-9:
        raise ValueError("the oscillator ended at %r" % position)
