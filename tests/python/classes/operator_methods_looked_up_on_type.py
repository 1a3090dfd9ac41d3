class C:
    pass


c = C()
c.__len__ = lambda: 5
c.__call__ = lambda: "called"
c.__add__ = lambda o: "added"
c.__iter__ = lambda: iter([1])
for f in (lambda: len(c), lambda: c(), lambda: c + 1, lambda: list(c), lambda: c[0], lambda: -c, lambda: 1 in c):
    try:
        print(f())
    except TypeError as e:
        print(e)
print(c.__len__(), c.__call__())
C.__len__ = lambda self: 6
C.__call__ = lambda self: "type call"
C.__add__ = lambda self, o: "type add"
C.__iter__ = lambda self: iter([2])
C.__getitem__ = lambda self, k: k
print(len(c), c(), c + 1, list(c), c["k"], 2 in c)
del C.__len__
try:
    len(c)
except TypeError as e:
    print(e)


class D:
    __iter__ = None
    __hash__ = None
    __contains__ = None


d = D()
for f in (lambda: iter(d), lambda: hash(d), lambda: 1 in d):
    try:
        f()
    except TypeError as e:
        print(e)
