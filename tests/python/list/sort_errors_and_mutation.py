for f in (lambda: sorted([1, "a"]), lambda: [1, None].sort(), lambda: [].sort(1), lambda: [2, 1].sort(key=5), lambda: [1].sort(bad=1), lambda: [1, 2].sort(key=lambda: 1), lambda: sorted(), lambda: sorted([1], 2), lambda: sorted([{}, {}]), lambda: [1, 2].sort(reverse="x"), lambda: sorted([1j, 2j])):
    try:
        print(f())
    except TypeError as e:
        print(e)
l = [3, 1, 2]


def key(x):
    l.append(9)
    return x


try:
    l.sort(key=key)
except ValueError as e:
    print(e, l)
l = [5, 4, 3]


def bad_key(x):
    if x == 3:
        raise KeyError("in key")
    return x


try:
    l.sort(key=bad_key)
except KeyError as e:
    print(repr(e), l)


class C:
    def __init__(self, v): self.v = v
    def __lt__(self, o):
        if self.v == 2 or o.v == 2:
            raise RuntimeError("compare")
        return self.v < o.v


m = [C(1), C(3), C(2), C(0)]
try:
    m.sort()
except RuntimeError as e:
    print(e, sorted(c.v for c in m))
n = [1, 2, 3]
seen = []
n.sort(key=lambda x: seen.append(list(n)) or x)
print(seen, n)


class Weird:
    def __lt__(self, o): return []


print(len(sorted([Weird(), Weird()])))
