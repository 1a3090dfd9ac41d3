s = slice(1, 10, 2)
print(s, s.start, s.stop, s.step, s.indices(5), s == slice(1, 10, 2), s != slice(1), slice(5), slice(None, None, -1).indices(4))
print(slice(1) < slice(2), slice(-3, None).indices(10), slice(None, None, 10 ** 20).indices(3), slice("a", [], ()))
for f in (lambda: hash(s), lambda: setattr(s, "start", 1), lambda: slice(1, 2, 0).indices(5), lambda: s.indices(-1), lambda: s.indices("a"), lambda: slice(1.0).indices(3)):
    try:
        f()
    except (TypeError, AttributeError, ValueError) as e:
        print(type(e).__name__, e)
