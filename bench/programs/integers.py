# SPDX-License-Identifier: MIT
"""Integer arithmetic: modular powers by squaring, Euclid's algorithm, bit counting, divisions."""

import math

SIZE_QUICK = 35_000
SIZE_FULL = 360_000

MODULUS = 1_000_003


def power(base, exponent, modulus):
    result = 1
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result


def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def bits(n):
    count = 0
    while n:
        n &= n - 1
        count += 1
    return count


def digit_sum(n):
    total = 0
    while n:
        total += n % 10
        n //= 10
    return total


def run(size):
    powers = divisors = ones = digits = 0
    for i in range(1, size + 1):
        powers += power(i, 1021, MODULUS)
        divisors += gcd(i * 360, size + 5040)
        ones += bits(i * 2654435761 & 0xFFFFFFFF)
        if i & 3 == 0:
            digits += digit_sum(i * i)
    return powers, divisors, ones, digits


def check(size, result):
    powers = divisors = ones = digits = 0
    for i in range(1, size + 1):
        powers += pow(i, 1021, MODULUS)
        divisors += math.gcd(i * 360, size + 5040)
        ones += bin(i * 2654435761 & 0xFFFFFFFF).count("1")
        if i & 3 == 0:
            digits += sum(map(int, str(i * i)))
    if result != (powers, divisors, ones, digits):
        raise ValueError("wrong sums: %r" % (result,))
