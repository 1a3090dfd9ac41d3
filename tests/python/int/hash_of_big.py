"""hash() of integers of more than one word: residues of 2**61 - 1, at their edges and at random; keys that are equal."""
P = 2**61 - 1
state = 12345


def number(bits):
    global state
    value = 0
    for _ in range(0, bits, 32):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        value = value << 32 | state >> 32
    return value & (1 << bits) - 1


wrong = 0
for n in [P, P - 1, P + 1, 2 * P, P * P, P << 64, (P << 64) - 1, 2**64, 2**64 - 1, 2**122, 2**122 - 1, 2**183, 8 * P + 7,
          (2**64 - 1) * (2**64 - 1), 2**128 - 1, 2**192 - 1, 2**1000, 2**1000 - 1, P**20, P**20 - 1, P**20 + 1]:
    print(hash(n), hash(-n), hash(n) == n % P, hash(-n) == (-(n % P) if n % P != 1 else -2))
for bits in (63, 64, 65, 100, 128, 129, 192, 500, 2000):
    for _ in range(500):
        n = number(bits)
        expected = n % P
        wrong += hash(n) != expected or hash(-n) != (-expected if expected != 1 else -2)
print(wrong)
big = {number(200): i for i in range(100)}
print(sum(big[k + 0] for k in list(big)), float(2**200) == 2**200, hash(float(2**200)) == hash(2**200))

# What equals only its own kind.
things = [None, "a", "", (), (1,), ("a",), 1, 0, 1.5, True, False, b"a", 2**70, [1], {1: 2}, frozenset((1,)), 1j]
for a in things:
    print([a == b for b in things], a in things[1:], (a,) == (None,), a in ("a", 1, (), 2.5))


class Equal:
    def __eq__(self, other):
        return True

    __hash__ = None


class Text(str):
    def __eq__(self, other):
        return other is None

    __hash__ = str.__hash__


print([Equal() == x for x in things], [x == Equal() for x in things], None in [Text("q")], Text("q") in (None, 1), (1,) in [Equal()])
