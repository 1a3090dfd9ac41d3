# SPDX-License-Identifier: MIT
"""The Mandelbrot set on a square grid: float arithmetic in a tight loop that ends early."""

SIZE_QUICK = 220
SIZE_FULL = 800

LIMIT = 50


def row_bits(y, size):
    inside = []
    for column in range(size):
        x = (column + 0.5) * 2.5 / size - 2.0
        real = imaginary = 0.0
        real_square = imaginary_square = 0.0
        member = True
        for _ in range(LIMIT):
            imaginary = 2.0 * real * imaginary + y
            real = real_square - imaginary_square + x
            real_square = real * real
            imaginary_square = imaginary * imaginary
            if real_square + imaginary_square > 4.0:
                member = False
                break
        inside.append(member)
    return inside


def run(size):
    return [row_bits((2 * row + 1 - size) * 1.25 / size, size) for row in range(size)]


def check(size, result):
    if len(result) != size:
        raise ValueError("%d rows" % len(result))
    for row in range(size // 2):
        if result[row] != result[size - 1 - row]:
            raise ValueError("row %d is not its mirror image" % row)
    # A few points again, in complex numbers. Points on the very edge may differ by rounding.
    differences = 0
    for row in range(0, size, 7):
        for column in range(0, size, 7):
            c = complex((column + 0.5) * 2.5 / size - 2.0, (2 * row + 1 - size) * 1.25 / size)
            z = 0j
            member = True
            for _ in range(LIMIT):
                z = z * z + c
                if abs(z) > 2.0:
                    member = False
                    break
            differences += member is not result[row][column]
    if differences > 1:
        raise ValueError("%d sampled points are wrong" % differences)
    if size >= 40:
        area = sum(map(sum, result)) * 6.25 / (size * size)
        if not 1.45 < area < 1.75:
            raise ValueError("the set's area is %r" % area)
