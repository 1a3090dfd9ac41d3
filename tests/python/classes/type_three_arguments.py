def hello(self):
    return "hello " + self.name


T = type("T", (), {"name": "t", "hello": hello})
print(T().hello(), T.__name__, T.__mro__[1:], T.__module__)
S = type("S", (T,), dict(name="s"))
print(S().hello(), issubclass(S, T), isinstance(S(), T))
print(type(1), type("a"), type(T), type(type))
for f in (lambda: type(), lambda: type(1, 2), lambda: type("X", (), 5), lambda: type(5, (), {}), lambda: type("X", 5, {}),
          lambda: type("X", (5,), {}), lambda: type("X", (), {}, 1), lambda: type("a\0b", (), {})):
    try:
        f()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
S.__name__ = "Renamed"
print(S.__name__, S)
try:
    S.__name__ = 5
except TypeError as e:
    print(e)
try:
    int.__name__ = "x"
except TypeError as e:
    print(e)
try:
    int.foo = 1
except TypeError as e:
    print(e)
try:
    del T.__name__
except TypeError as e:
    print(e)
import types
N = types.new_class("N", (T,), {}, lambda ns: ns.update(extra=1))
print(N.extra, N().hello())
