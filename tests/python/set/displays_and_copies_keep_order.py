# Sets of ints print in the order that their table gives them: displays of constants, copies of
# clean tables and of tables with deleted entries, sets filled from lists and tuples.


def constants():
    return [{16, 1, 2, 3, 4}, {1, 2, 3}, {32, 1, 2, 3, 4, 5, 6, 7, 64, 33}, {8, 8, 0, 16, 24}, {0, False, 0.0}, {64, 32, 16}]


for s in constants():
    print(type(s), s)
first, second = constants(), constants()
first[0].add(99)
print(first[0], second[0], constants()[0], first[0] is second[0])
print([type(c) for c in (lambda: {1, 2, 3}).__code__.co_consts])
print(eval("{(1, 2), (3, 4), (5, 6)}") == {(3, 4), (1, 2), (5, 6)}, {b"a", b"a", b"a"}, {None, None, None, ...} == {..., None})


def dead():
    return {1, 2, 3}
    return {4, 5, 6}


print(dead(), {1, 2, 3} if True else {7, 8, 9})

for count in (0, 1, 4, 5, 6, 20, 21, 50, 100):
    numbers = [n * 37 % 256 for n in range(count)]
    a = set(numbers)
    for made in (set(tuple(numbers)), set(iter(numbers)), frozenset(numbers), set(a), a.copy(), frozenset(a), {*a}, a | a, a & set(range(300)), a - set()):
        print(count, made)
    for n in numbers[::3]:
        a.discard(n)
    print(a, a.copy(), set(a), frozenset(a), a | {5}, a & {5, 37, 74, 111}, a - {37, 74}, a ^ set(numbers))
    b = a.copy()
    for n in numbers[::2]:
        b.add(n)
    print(b, a, b.copy(), len(b))
    b.clear()
    b |= a
    print(b, b == a, b is a)


class Key:
    def __init__(self, n, log):
        self.n, self.log = n, log

    def __hash__(self):
        self.log.append(("hash", self.n))
        return self.n % 2

    def __eq__(self, other):
        self.log.append(("eq", self.n, other.n))
        return self.n == other.n


log = []
keys = [Key(n, log) for n in (1, 2, 3, 1, 2, 5)]
s = set(keys)
print(sorted(k.n for k in s), len(log))
t = s.copy()
print(len(t), len(s & t), len(s - t), len(s | set(keys)), s == t, s <= t)
print(len(s & {k for k in keys[:2]}), len(s - set(keys[:1])))


class Growing:
    "Makes the list longer while it is looked at."

    def __init__(self, items):
        self.items = items

    def __hash__(self):
        if len(self.items) < 8:
            self.items.append(len(self.items) * 100)
        return 7

    def __eq__(self, other):
        return self is other


items = [1]
items.append(Growing(items))
items.append(Growing(items))
print(sorted(x for x in set(items) if isinstance(x, int)), len(items))


class Shrinking:
    def __init__(self, items):
        self.items = items

    def __hash__(self):
        self.items.clear()
        return 1


items = [0, 1]
items += [Shrinking(items), 5, 6]
print(len(set(items)), items)
for bad in ([1, [], 2], (1, {}, 2)):
    target = {0}
    try:
        target.update(bad)
    except TypeError as e:
        print(e, sorted(target))
try:
    {1, [], 3}
except TypeError as e:
    print(e)
x = frozenset([1, 2, 3])
print({*x} is x, hash(frozenset({3, 2, 1})) == hash(x), {x: 1}[frozenset((2, 1, 3))])
