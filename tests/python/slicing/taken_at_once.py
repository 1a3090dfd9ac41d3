# container[start:stop] where it is used at once: every kind of container and of bound, whoever looks at the slice.
import gc


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        print("index", end=" ")
        return self.n


class Shows:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("delete", key)


class Text(str):
    def __getitem__(self, key):
        return "text", key


class Inherits(list):
    pass


class Pair(tuple):
    def __new__(cls, *items):
        return tuple.__new__(cls, items)


containers = ["", "a", "abcdef", "ab\u20acdef", "\U0001f600bc\xe9ef", b"", b"a", b"abcdef", bytearray(b"abcdef"), (), (1,), (1, 2.5, "x", None, (), 6),
              [], [1], [1, 2.5, "x", None, (), 6], range(6), Inherits([1, 2, 3, 4]), Pair(1, 2, 3, 4), memoryview(b"abcdef")]
bounds = [None, 0, 1, 2, 5, 6, 7, -1, -2, -6, -7, 10**30, -10**30, True, False, 2**62, -2**62 - 1]


def plain(x):
    return bytes(x) if isinstance(x, memoryview) else x


def take(c, i, j):
    return plain(c[i:j]), plain(c[i:]), plain(c[:j]), plain(c[:])


for c in containers:
    for i in bounds:
        row = [take(c, i, j) for j in bounds]
        assert all(r == tuple(plain(c[slice(*s)]) for s in ((i, j), (i, None), (None, j), (None, None))) for r, j in zip(row, bounds)), (c, i)
        assert all(type(x) is type(plain(c[slice(i, j)])) for r, j in zip(row, bounds) for x in r[:1]), (c, i)
    print(type(c).__name__, take(c, 1, -1), take(c, -2, None), take(c, None, 10**30))


def loop(c, n):
    parts = []
    for i in range(0, n, 2):
        parts += [c[i:i + 2]]
        x = c[i:i + 2]
        c[i:i + 2]
        x = x[0:1]
        y = x[:] == c[i:i + 1]
        if not y:
            print(x)
    return parts, x


for c in containers:
    if not isinstance(c, memoryview):
        print(loop(c, 6))
s, b, t, l = "a text", b"some bytes", (1, 2, 3), [1, 2, 3]
print(s[:] is s, s[0:6] is s, s[:99] is s, b[:] is b, b[0:] is b, t[:] is t, t[-5:] is t, l[:] is l, Pair(1)[:], type(Pair(1)[:]))
print("text"[Index(1):Index(3)], [1, 2, 3][Index(1):], (1, 2)[:Index(1)], b"abc"[Index(-2):None])
print(Shows()[1:2], Shows()[:], Shows()[1:2:3], Shows()[1:2, 3:4], Shows()["a":"b"], Text("abc")[1:2])
for c in ("abc", b"abc", (1, 2), [1, 2], 5, None, {}, Shows):
    for i, j in ((1.5, None), (None, "x"), ([], ())):
        try:
            print(c[i:j])
        except Exception as e:
            print(type(e).__name__, e)


def unbound():
    try:
        "abc"[missing:2]
    except UnboundLocalError as e:
        print(e)
    try:
        container[1:2]
    except UnboundLocalError as e:
        print(e)
    missing = container = 1


unbound()
print("abcdef"[(1 if s else 2):(3 if t else 4)], [x for x in l[1:]], [*l[:2]], l[1:][0], s[2:][1:][:2], {1: s}[1][2:4])
q = list(range(10))
q[2:4] = q[5:8]
del q[1:3]
q[-1:] += q[:2]
print(q, f"{s[2:4]!r:>8}", sorted("hello"[1:4]), "".join(s[i:i + 1] for i in range(3)))


# What a slice holds lives as long as it, and what it was taken from no longer.
class Dies:
    gone = 0

    def __del__(self):
        Dies.gone += 1


def gone():
    [].append(1)  # no stale word of the last call may keep anything, where a collector looks at the C stack
    gc.collect()
    return Dies.gone


def one():
    return [Dies(), 2, 3]


print(one()[1:], gone())
held = [Dies(), Dies()]
part = held[0:1]
held.clear()
print(len(part), gone())
part = (*part, Dies())[:1][0:5]
print(len(part), gone())
part = None
print(gone())
