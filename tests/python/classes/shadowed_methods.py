# SPDX-License-Identifier: MIT
"""Attributes of instances that shadow a method of their native type, set after the method was called in the same place."""
import functools
import io
import types


def call(o, name):
    if name == "write":
        return o.write("x")
    return o.getvalue()


a, b = io.StringIO(), io.StringIO()
for i in range(4):
    call(a, "write"), call(b, "write")
print(call(a, "get"), call(b, "get"))
a.write = lambda text: "shadowed"
for i in range(3):
    print(call(a, "write"), call(b, "write"))
del a.write
print(call(a, "write"), call(a, "get"), call(b, "get"))
b.__dict__["getvalue"] = lambda: "through __dict__"
print(call(a, "get"), call(b, "get"))


def text(e):
    return e.with_traceback(None)


one, two = ValueError(1), ValueError(2)
for i in range(3):
    text(one), text(two)
two.with_traceback = lambda tb: "mine"
print(repr(text(one)), text(two))
two.__dict__ = {}
print(repr(text(two)))
one.__setstate__({"with_traceback": lambda tb: "by state"})
print(text(one))


def keywords(p):
    return p.__reduce__()[1][0].__name__


p, q = functools.partial(len), functools.partial(abs)
print([keywords(x) for x in (p, q) * 3])
q.__setstate__((len, (), {}, {"__reduce__": lambda: (0, (str,))}))
print(keywords(p), keywords(q))


def same(n):
    return n.__eq__(n)


n, m = types.SimpleNamespace(), types.SimpleNamespace(__eq__=lambda other: "own")
print([same(x) for x in (n, m) * 3])
