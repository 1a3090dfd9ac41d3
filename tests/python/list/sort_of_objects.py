# Sorting what is neither small numbers nor text: large ints, bytes, mixtures; and sums of floats.
import random

r = random.Random(7)
big = [r.randrange(-2**70, 2**70) for _ in range(300)] + [r.randrange(-100, 100) for _ in range(50)] + [2**63, -2**63, 2**62, -2**62 - 1]
r.shuffle(big)
ordered = sorted(big)
assert all(a <= b for a, b in zip(ordered, ordered[1:])) and len(ordered) == len(big)
print(ordered[:3], ordered[-3:], sorted(big, reverse=True) == ordered[::-1], sorted(big, key=lambda n: -n) == ordered[::-1])
print(sorted([True, 2**65, False, -2**65, 0.5, 1]))

data = [bytes(r.randrange(256) for _ in range(r.randrange(6))) for _ in range(400)]
ordered = sorted(data)
assert all(a <= b for a, b in zip(ordered, ordered[1:]))
print(ordered[:5], ordered[-2:], sorted(data, key=lambda b: b[::-1])[:3])
print(sorted([b"b", bytearray(b"a"), b"\xff", b""]))


class B(bytes):
    def __lt__(self, other):
        return len(self) < len(other)


class I(int):
    def __lt__(self, other):
        return int(self) > int(other)


print(sorted([B(b"zz"), B(b"y"), B(b"aaa")]), sorted([I(3), I(2**70), I(5)]), sorted([I(1), I(2), I(3)]))
for wrong in ([b"a", "a"], [2**70, "a"], [b"a", 2**70]):
    try:
        sorted(wrong)
    except TypeError as e:
        print(e)

print(sum([0.1] * 10), sum([0.1, 0.2, 5, 2**70, 0.3]), sum([1.5, float("inf"), 1.0]), sum([1e300, 1e308, 1e308]), sum([2.5, -2.5]))
print(sum([0.5, 1, True, 0.25]), sum([0.5, 1j, 0.5]), sum(iter([1.5, 2.5]), 1), sum((float(i) for i in range(5)), -0.0))


def failing():
    yield 1.5
    yield 2.5
    raise KeyError("x")


for bad in (failing(), [1.5, 2.5, "x"], [1.5, None]):
    try:
        sum(bad)
    except (KeyError, TypeError) as e:
        print(type(e).__name__, e)

edges = [0, 1, -1, 2**62 - 1, 2**62, -2**62, -2**62 - 1, 2**63, 2**64 - 1, 2**64, -2**64, 2**127, 2**128 - 1, -2**128 + 1, 2**128, 2**192]
for a in edges:
    for b in edges:
        assert (a + b) - b == a and (a - b) + b == a and a - b == -(b - a)
        assert str(a + b) == str(int("%x" % a, 16) + int("%x" % b, 16))
print([2**128 - 1 + 1, 2**64 - 2**64, 2**127 + 2**127, -2**128 + 1 - 2**128, 2**64 - 1 - 2**64])

a, b, c = [1, "two", 3.0]
print(a, b, c)
(*many,) = list(range(20))
a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16 = list(range(17))
print(many, a0, a16)
for items in ([], [1], [1, 2, 3], list(range(20))):
    try:
        a, b = items
    except ValueError as e:
        print(e)
