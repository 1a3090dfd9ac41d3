print({}, {1: {2: {3: {}}}}, {"a": [1, {"b": (2,)}]}, {None: None, True: False, 1.5: 2j, (1, 2): "t", "s": b"b", frozenset(): ...})
d = {}
d["self"] = d; d["list"] = [d]
print(d)


class R:
    def __repr__(self): return "<R>"
    __str__ = lambda self: "str"


print({R(): R()}, [R()], (R(),), {"x": R()}.items(), {"x": R()}.values())


class D(dict): pass


print(D(a=1), repr(D()), D({"x": D()}), dict(D(b=2)), type(D(a=1) | {}).__name__, type(D(a=1).copy()).__name__, D.fromkeys("a").__class__.__name__)
class Missing(dict):
    def __missing__(self, k): return "missing %r" % k


m = Missing(a=1)
print(m["a"], m["b"], m.get("b"), "b" in m, m, "%(zz)s" % m)
class MyMapping:
    def keys(self): return ["x", "y"]
    def __getitem__(self, k): return k * 2


print(dict(MyMapping()), {**MyMapping()}, (lambda **k: k)(**MyMapping()), {}.__or__(5), dict(MyMapping(), z=1))
print({"a": 1, **{"a": 2}, "a": 3}, {k: v for k, v in [("a", 1), ("a", 2)]})
