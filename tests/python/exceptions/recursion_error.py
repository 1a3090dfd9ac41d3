import sys


def f(n):
    return f(n + 1)


try:
    f(0)
except RecursionError as e:
    print(type(e).__name__, str(e)[:32])


class C:
    def __getattr__(self, n):
        return getattr(self, n + "x")

    def __repr__(self):
        return repr(self)

    def __eq__(self, o):
        return self == o

    def __hash__(self):
        return hash(self)

    def __len__(self):
        return len(self)

    def __add__(self, o):
        return self + o

    def __call__(self):
        return self()

    def __getitem__(self, k):
        return self[k]

    def __iter__(self):
        return iter(self)

    def __bool__(self):
        return bool(self)


c = C()
for name, op in (("getattr", lambda: c.zz), ("repr", lambda: repr(c)), ("eq", lambda: c == 1), ("hash", lambda: hash(c)), ("len", lambda: len(c)),
                 ("add", lambda: c + 1), ("call", c), ("getitem", lambda: c[0]), ("iter", lambda: iter(c)), ("bool", lambda: bool(c)),
                 ("sort", lambda: sorted([c, c], key=lambda x: x.q)), ("map", lambda: list(map(c, [1])) if 0 else c())):
    try:
        op()
        print(name, "no error")
    except RecursionError as e:
        print(name, "RecursionError")


def gen(n):
    yield from gen(n + 1)


try:
    list(gen(0))
except RecursionError:
    print("generator RecursionError")
depth = 0


def count():
    global depth
    depth += 1
    count()


for limit in (300, 2000):
    sys.setrecursionlimit(limit)
    depth = 0
    try:
        count()
    except RecursionError:
        print(limit * 0.9 < depth <= limit, sys.getrecursionlimit())
for bad in (0, -1, "x"):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
