# Dicts that get many keys at once: update, |, {**}, fromkeys, __dict__ copies and unpickling, of
# sizes about those where tables grow, with keys that are there already.
import copy
import pickle
import sys

sizes = (0, 1, 4, 5, 6, 7, 10, 11, 12, 21, 22, 23, 85, 86, 170, 171, 1000, 1001, 2500)
for n in sizes:
    for m in sizes:
        a = {i: "a" for i in range(n)}
        b = {i: "b" for i in range(n // 2, n // 2 + m)}
        expected = []
        values = {}
        for d in (a, b):
            for k in d:
                if k not in values:
                    expected.append(k)
                values[k] = d[k]
        for made in ({**a, **b}, a | b, dict(a, **{}) | b):
            assert list(made) == expected and made == values, (n, m)
        c = dict(a)
        c.update(b)
        c["last"] = 1
        assert list(c) == expected + ["last"] and c.pop("last") and c == values
        c = a.copy()
        for k in list(c)[::2]:
            del c[k]
        rest = list(c)
        c.update(b)
        assert list(c) == rest + [k for k in b if k not in rest]
    d = dict.fromkeys(a, 1)
    assert list(d) == list(a)
    assert set(dict.fromkeys(set(a))) == set(a) and set(dict.fromkeys(frozenset(a), 2)) == set(a)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        got = pickle.loads(pickle.dumps(a, protocol))
        assert got == a and list(got) == list(a)
        got[None] = 1
        assert list(got) == [*a, None]
    assert sys.getsizeof(dict.fromkeys(a)) <= 3 * sys.getsizeof(dict(a))


# Copies of an instance's attributes.
class Many:
    def __init__(self, n):
        for i in range(n):
            setattr(self, "field%d" % i, [i])


for n in (0, 1, 5, 6, 20, 60):
    o = Many(n)
    twin = copy.copy(o)
    again = pickle.loads(pickle.dumps(o))
    assert vars(twin) == vars(o) == vars(again) and list(vars(again)) == list(vars(o))
    state = dict(vars(o), extra=1)
    assert list(state)[-1] == "extra" and len(state) == n + 1


# Keys that call Python code while many are set.
class Key:
    def __init__(self, n, target=None):
        self.n, self.target = n, target

    def __hash__(self):
        return self.n % 7

    def __eq__(self, other):
        if self.target is not None:
            self.target.clear()
            self.target = None
        return isinstance(other, Key) and self.n == other.n

    def __repr__(self):
        return "K%d" % self.n


keys = [Key(i) for i in range(60)]
d = dict.fromkeys(keys[:20], 1)
d.update({k: 2 for k in keys})
print(len(d), [d[Key(i)] for i in (0, 19, 20, 59)])
victim = {Key(0): 0}
other = {Key(7 * i, victim if i == 3 else None): i for i in range(40)}
victim.update(other)
print(len(victim) >= 37, Key(7 * 39) in victim)
changing = {Key(7 * i): i for i in range(40)}
try:
    {Key(0, changing): 0}.update(changing)
    print("no error")
except RuntimeError as e:
    print(e)


class Failing:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        if armed and self.n == 30:
            raise ValueError("no hash")
        return self.n

    def __eq__(self, other):
        return self.n == other.n

    def __reduce__(self):
        return Failing, (self.n,)


armed = False
text = pickle.dumps({Failing(i): str(i) for i in range(50)})
print(len(pickle.loads(text)))
armed = True
try:
    pickle.loads(text)
except ValueError as e:
    print(e)


# A dict in itself, found again while it is filled.
loop = {}
loop.update({i: loop for i in range(100)})
got = pickle.loads(pickle.dumps(loop))
print(len(got), all(v is got for v in got.values()))

# Equal keys in one SETITEMS: the last value, at the first one's place.
text = b"\x80\x02}(" + b"".join(b"K" + bytes((i % 9,)) + b"K" + bytes((i,)) for i in range(200)) + b"u."
print(pickle.loads(text))
for broken in (b"\x80\x02}(K\x01u.", b"\x80\x02}(]K\x01u.", b"(K\x01K\x02]K\x03d."):
    try:
        pickle.loads(broken)
    except Exception as e:
        print(type(e).__name__, e)
