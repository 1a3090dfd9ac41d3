# Sorting ints of which some, or all, do not fit a machine word.
import random

r = random.Random(3)
ints = [r.choice((-1, 1)) * r.randrange(1 << r.choice((3, 61, 62, 63, 64, 65, 127, 128, 129, 400))) for _ in range(600)]
ints += [s * ((1 << b) + d) for s in (-1, 1) for b in (61, 62, 63, 64, 103, 104, 128) for d in (-1, 0, 1)]
ints += [1 << 5000, -1 << 5000, (1 << 5000) + 1, (1 << 64) + (1 << 20), (1 << 64) + (1 << 20) + 1]
done = sorted(ints)
print(all(a <= b for a, b in zip(done, done[1:])), done[:3], len(done))
print(sorted(ints, reverse=True) == done[::-1], sorted(ints, key=lambda x: -x) == done[::-1])
huge = [1 << n for n in (1 << 22, (1 << 22) - 1, (1 << 22) + 5, 100, 1 << 23)]
print([x.bit_length() for x in sorted(huge)], [x.bit_length() for x in sorted(huge + [-x for x in huge])])
a, b = int('9' * 30), int('9' * 30)  # equal ones keep their order
order = sorted([b, 5, a, -1, b])
print(order[2] is b, order[3] is a, order[4] is b)
mixed = [1 << 70, True, 3, 2.5, -1 << 70, False]
print(sorted(mixed))
