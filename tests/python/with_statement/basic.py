class M:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, t, v, tb):
        print("exit", self.name, t.__name__ if t else None, v, tb is not None)
        return self.swallow


with M("a") as m:
    print("body", m.name)
with M("a"), M("b") as b, M("c"):
    print("three")
with (M("p") as p, M("q"),):
    print("parenthesised", p.name)
try:
    with M("raise"):
        raise ValueError("v")
except ValueError as e:
    print("caught", e)
with M("swallow", True):
    raise ValueError("gone")
print("after")
with M("outer", True), M("inner"):
    raise KeyError("k")


def f():
    for i in range(3):
        with M(i):
            if i == 0:
                continue
            if i == 1:
                return "returned"


print(f())
while True:
    with M("break"):
        break
d = {}
with M("sub") as d["k"]:
    pass
print(d["k"].name)


class T:
    def __enter__(self): return 1, 2
    def __exit__(self, *a): pass


with T() as (a, b):
    print(a, b)
