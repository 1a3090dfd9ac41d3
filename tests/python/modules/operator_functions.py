import operator as o
print(o.add(1, 2), o.sub(5, 3), o.mul("a", 3), o.truediv(7, 2), o.floordiv(7, 2), o.mod(7, 3), o.pow(2, 3), o.neg(5), o.pos(-5), o.inv(5), o.invert(0), o.and_(6, 3), o.or_(6, 3), o.xor(6, 3), o.lshift(1, 4), o.rshift(16, 2), o.not_([]), o.truth("a"), o.is_(None, None), o.is_not(1, None), o.abs(-3), o.concat([1], [2]), o.contains([1], 1), o.countOf([1, 2, 1], 1), o.indexOf("abc", "c"), o.index(5), o.length_hint([1, 2]), o.length_hint(iter([1])))
print(o.lt(1, 2), o.le(2, 2), o.eq(1, 1.0), o.ne(1, 2), o.gt(1, 2), o.ge(2, 3), o.getitem([1, 2], 1), o.iadd([1], [2]), o.imul(3, 4), o.iconcat([1], (2,)), o.call(max, 1, 5))
d = {}
o.setitem(d, "k", 1); print(d); o.delitem(d, "k"); print(d)
g = o.itemgetter(1); print(g("abc"), g, o.itemgetter(0, 2)("abc"), o.itemgetter("a")({"a": 1}), o.itemgetter(slice(1, 3))([1, 2, 3, 4]))
a = o.attrgetter("real"); print(a(5), a, o.attrgetter("real", "imag")(1j), o.attrgetter("__class__.__name__")(5))
m = o.methodcaller("split", ",", maxsplit=1); print(m("a,b,c"), m, o.methodcaller("upper")("x"))
for f in (lambda: o.itemgetter(), lambda: o.attrgetter(5), lambda: o.methodcaller(), lambda: o.itemgetter(5)([1]), lambda: o.attrgetter("nope")(1), lambda: o.index(1.5), lambda: o.add(1), lambda: o.indexOf([1], 2), lambda: o.concat(1, 2), lambda: o.attrgetter("a.b")(1), lambda: o.length_hint(5, "x"), lambda: o.getitem(1, 2), lambda: o.call()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(sorted([(2, "a"), (1, "b")], key=o.itemgetter(0)), sorted([3j, 1j], key=o.attrgetter("imag")))
