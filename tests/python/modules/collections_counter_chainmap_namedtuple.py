from collections import Counter, ChainMap, namedtuple, UserDict, UserList, UserString
c = Counter("abracadabra")
print(c, c.most_common(2), c["z"], sum(c.values()), c.total(), sorted(c.elements())[:4], Counter(a=3) + Counter(a=1, b=2), Counter(a=3) - Counter(a=1, b=2), Counter(a=3, b=1) & Counter(a=1), Counter(a=3) | Counter(b=1), -Counter(a=-2), +Counter(a=0, b=1), Counter(a=1) == Counter(a=1, b=0))
c.update("zzz"); c.subtract({"a": 10}); print(c["z"], c["a"]); del c["b"]; print("b" in c, Counter([1, 1, 2]), Counter(), Counter(a=1) <= Counter(a=2))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(m["a"], m["b"], sorted(m), len(m), m.new_child({"b": 0})["b"], m.parents["a"], m); m["new"] = 1; print(m.maps[0])
try:
    m["zz"]
except KeyError as e:
    print(e)
P = namedtuple("P", "x y", defaults=[5])
p = P(1, 2)
print(p, p.x, p[1], P(1), p._replace(x=9), p._asdict(), P._fields, P._make([3, 4]), p == (1, 2), P._field_defaults, isinstance(p, tuple), p.__class__.__name__, *p, hash(p) == hash((1, 2)))
a, b = p
print(a, b, namedtuple("Q", ["a", "class", "a"], rename=True)._fields)
for f in (lambda: P(), lambda: P(1, 2, 3), lambda: setattr(p, "x", 1), lambda: p.z, lambda: namedtuple("Q", "a a"), lambda: namedtuple("1Q", "a"), lambda: namedtuple("Q", "_a"), lambda: p._replace(q=1), lambda: namedtuple("Q", "def"), lambda: P(z=1)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
class U(UserDict):
    def __setitem__(self, k, v): super().__setitem__(k, v * 2)


u = U(a=1); u["b"] = 2; print(u, UserList([1, 2]) + [3], UserString("ab").upper(), UserList([3, 1])[0])
