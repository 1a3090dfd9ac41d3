# Adding, replacing, deleting and comparing where keys have the same hash, were deleted, or change
# the dict while they are compared.


class Key:
    def __init__(self, n, hash=1):
        self.n, self.hash = n, hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return "K%d" % self.n


d = {}
for n in range(12):
    d[Key(n)] = n
for n in (3, 0, 11, 5):
    del d[Key(n)]
d[Key(3)] = "three"
d[Key(4)] = "four"
print(d, len(d))
print(d.pop(Key(3)), d.pop(Key(100), None), Key(7) in d)
try:
    del d[Key(77)]
except KeyError as e:
    print("KeyError", e)
print({**d, Key(4): 0}, {Key(1): 1, Key(1): 2, Key(2): 3})

# The newest key goes and comes back; so does one in the middle.
d = {}
for i in range(40):
    d["k%d" % i] = i
    if i % 3 == 0:
        del d["k%d" % i]
    if i % 5 == 0 and i:
        del d["k%d" % (i - 1 if (i - 1) % 3 else i - 2)]
d["k3"] = "again"
print(d)
c = d.copy()
print(c == d, dict(d) == d, list(c) == list(d))
c["k3"] = 0
print(c == d, c != d)
del c["k3"]
print(c == d, len(c))
c["k3"] = "again"
print(c == d, list(c) == list(d))
d[1] = 1
d[1.0] = 2
d[True] = 3
print(list(d.items())[-2:], d == {**d}, {1: 0, True: 1, 1.0: 2})

# Equality.
nan = float("nan")
print({1: nan} == {1: nan}, {1: nan} == {1: float("nan")}, {1: 1} == {1: 1.0}, {1: 1} == {1.0: True}, {"a": None} == {"b": None})
print({1: 2, 3: 4} == {3: 4, 1: 2}, {} == {}, {1: []} == {1: []}, {1: [1]} == {1: [2]}, {(1, 2): "x"} == {(1, 2): "x"})
print({Key(1): 1, 2: 3} == {2: 3, Key(1): 1}, {Key(1): 1} == {Key(2): 1}, {Key(1): Key(2, 3)} == {Key(1): Key(2)})
print({"a": 1, "b": 2} == {"a": 1, 5: 2}, {5: 1, "b": 2} == {"b": 2, 6: 1}, {1 << 80: 2} == {1 << 80: 2})


class Odd:
    def __init__(self, act):
        self.act = act

    def __eq__(self, other):
        self.act()
        return True


x, y = {}, {}
x.update(a=1, b=Odd(lambda: y.pop("c", None)), c=3)
y.update(a=1, b=2, c=3)
print(x == y, sorted(y))
x = {1: 2, 2: Odd(lambda: x.update({n: n for n in range(10, 60)}))}
print(x == {1: 2, 2: 3}, len(x))


class Failing:
    def __eq__(self, other):
        raise ValueError("no")


try:
    {1: 1, 2: Failing()} == {1: 1, 2: 3}
except ValueError as e:
    print(e)


# A comparison that changes the dict it is looked up in.
class Changing:
    count = 0

    def __hash__(self):
        return 5

    def __eq__(self, other):
        Changing.count += 1
        if Changing.count == 1:
            for n in range(100, 130):
                target[n] = n
        return False


target = {Changing(): 1}
target[Changing()] = 2
print(len(target), sum(isinstance(k, Changing) for k in target))
target = {5: 0}
Changing.count = 0
print(target.setdefault(Changing(), 9), len(target))


class FailingKey:
    def __hash__(self):
        return 9

    def __eq__(self, other):
        raise ValueError("key")


target = {FailingKey(): 1}
for act in (lambda: target.__setitem__(FailingKey(), 2), lambda: target.pop(FailingKey()), lambda: target.__delitem__(FailingKey()), lambda: {FailingKey(): 1, 9: 2}):
    try:
        act()
    except ValueError as e:
        print("ValueError", e, len(target))

# Comprehensions and deleting through subclasses.
print({k: v for k, v in zip("abcab", range(5))}, {k % 3 for k in range(10)}, {[].__class__ for _ in "ab"})
for act in (lambda: {[]: 1 for _ in "a"}, lambda: {[] for _ in "a"}):
    try:
        act()
    except TypeError as e:
        print(e)


class Loud(dict):
    def __delitem__(self, key):
        print("del", key)
        super().__delitem__(key)


loud = Loud(a=1)
del loud["a"]
try:
    del loud["a"]
except KeyError as e:
    print(repr(e), loud)
try:
    del (1,)[0]
except TypeError as e:
    print(e)

# Copies of many sizes, with and without gaps.
for count in (0, 1, 5, 6, 10, 11, 100, 1000):
    for key in (str, int, lambda n: (n, n)):
        d = {key(n): n for n in range(count)}
        e = d.copy()
        assert e == d and list(e.items()) == list(d.items())
        for n in range(0, count, 3):
            del d[key(n)]
        e = dict(d)
        assert e == d and list(e.items()) == list(d.items()) and len(e) == len(d)
        for n in range(count):
            assert (key(n) in e) == (n % 3 != 0)
            e[key(n)] = -n
        assert len(e) == count and all(e[key(n)] == -n for n in range(count))
        assert dict.fromkeys(e, 0) == {key(n): 0 for n in range(count)}
