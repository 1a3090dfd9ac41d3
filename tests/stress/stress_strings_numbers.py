# SPDX-License-Identifier: MIT
"""Interning, hashing, formatting and big numbers in all threads at once."""
import sys
from _stress import main


def interning(s):
    for base in range(5):
        got = [[] for _ in range(s.threads)]

        def work(i, rng):
            for n in range(200):
                got[i].append(sys.intern("stress_%d_%d" % (base, n)))
        s.together(work)
        for row in got[1:]:
            s.check(all(a is b for a, b in zip(row, got[0])), "two interned strings of one text")


def hashing(s):
    strings = ["text %d" % n * 3 for n in range(100)]
    hashes = [hash("text %d" % n * 3) for n in range(100)]

    def work(i, rng):
        for n in range(100):
            s.check(hash(strings[n]) == hashes[n], "hash")
        t = tuple(strings)
        s.check(hash(t) == hash(tuple(list(t))), "tuple hash")
    s.together(work)


def text_work(s):
    text = "the quick brown fox, the lazy dog; " * 20
    want = text.upper(), text.split(), text.replace("the", "a"), text.count("o"), "%s|%5d" % (text[:5], 42)

    def work(i, rng):
        for _ in range(40):
            got = text.upper(), text.split(), text.replace("the", "a"), text.count("o"), "%s|%5d" % (text[:5], 42)
            s.check(got == want, "text")
            acc = ""
            for n in range(50):
                acc += chr(65 + n % 26)
            s.check(len(acc) == 50 and acc.encode().decode() == acc and f"{acc:>60}".strip() == acc, "acc")
    s.together(work)


def big_numbers(s):
    a, b = 3 ** 500, 7 ** 300
    want = a * b, a // b, a % b, str(a), pow(a, 65, b), hash(a), a ^ b, a >> 77

    def work(i, rng):
        for _ in range(30):
            s.check((a * b, a // b, a % b, str(a), pow(a, 65, b), hash(a), a ^ b, a >> 77) == want, "big")
            x = rng.randrange(1 << 200)
            s.check(int(str(x)) == x and int(hex(x), 16) == x and (x * a) // a == x, "round trip")
    s.together(work)


def floats(s):
    want = [repr(n / 7) for n in range(100)]

    def work(i, rng):
        for _ in range(30):
            s.check([repr(n / 7) for n in range(100)] == want, "repr")
            s.check([float(t) for t in want] == [n / 7 for n in range(100)], "parse")
    s.together(work)


main(interning, hashing, text_work, big_numbers, floats)
