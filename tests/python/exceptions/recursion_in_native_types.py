l = []
for _ in range(100000):
    l = [l]
for f in (lambda: repr(l), lambda: l == eval("[" * 0 + "l"), lambda: str(l)):
    try:
        f()
        print("fine")
    except RecursionError:
        print("RecursionError")
m = []
for _ in range(100000):
    m = [m]
try:
    l == m
    print("equal")
except RecursionError:
    print("RecursionError in ==")
d = {}
for _ in range(100000):
    d = {"k": d}
try:
    repr(d)
except RecursionError:
    print("RecursionError in repr of dict")
t = ()
for _ in range(100000):
    t = (t,)
try:
    hash(t)
except RecursionError:
    print("RecursionError in hash")
del l, m, d, t
print("freed")
f = None
for _ in range(100000):
    f = (lambda g: lambda: g)(f)
del f


class N:
    pass


n = None
for _ in range(100000):
    o = N()
    o.next = n
    n = o
del n, o
print("chains freed")
