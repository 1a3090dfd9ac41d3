# SPDX-License-Identifier: MIT
"""Integers of thousands of digits: a factorial, powers modulo, Fibonacci numbers, digits of pi, text and back."""

SIZE_QUICK = 1_000
SIZE_FULL = 4_000


def factorial(n):
    product = 1
    for k in range(2, n + 1):
        product *= k
    return product


def fibonacci(n):
    a, b = 0, 1
    for bit in bin(n)[2:]:
        a, b = a * (2 * b - a), a * a + b * b
        if bit == "1":
            a, b = b, a + b
    return a


def pi_digits(count):
    # Machin: pi/4 = 4 atan(1/5) - atan(1/239), in fixed point with ten digits to spare.
    unit = 10 ** (count + 10)

    def arctan(x):
        total = term = unit // x
        n, square, sign = 3, x * x, -1
        while term:
            term //= square
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total
    return 4 * (4 * arctan(5) - arctan(239)) // 10 ** 10


def run(size):
    product = factorial(size)
    text = str(product)
    fib = fibonacci(20 * size)
    residue = pow(3, product, (1 << 521) - 1)
    shifted = 0
    for i in range(size):
        shifted = (shifted << 7 ^ product >> i) & (1 << 2000) - 1
    return product, text, fib, residue, pi_digits(2 * size), shifted


def check(size, result):
    product, text, fib, residue, pi, shifted = result
    if int(text) != product or product % (size - 1) or product // size != factorial(size - 1):
        raise ValueError("the factorial is wrong")
    # Cassini: F(n-1) F(n+1) - F(n)^2 = (-1)^n.
    if fibonacci(20 * size - 1) * fibonacci(20 * size + 1) - fib * fib != 1:
        raise ValueError("the Fibonacci number is wrong")
    prime = (1 << 521) - 1
    if residue != pow(3, product % (prime - 1), prime):
        raise ValueError("the power is wrong")
    if not str(pi).startswith("314159265358979323846264338327950288419716939937510") or len(str(pi)) != 2 * size + 1:
        raise ValueError("pi is wrong")
    if not 0 <= shifted < 1 << 2000:
        raise ValueError("the mask did not hold")
