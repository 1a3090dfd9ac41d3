print((lambda: 1)(), (lambda x: x)(2), (lambda x, y=3: x + y)(1), (lambda *a: a)(1, 2), (lambda **k: k)(a=1))
print((lambda x, *, k=5: (x, k))(1), (lambda x: lambda y: x + y)(1)(2))
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])
print((lambda a, /, b, *c, d, **e: (a, b, c, d, e))(1, 2, 3, d=4, e=5))
print(sorted([3, -1, 2], key=lambda v: -v))
print((lambda: (yield))().__class__.__name__)
f = lambda x: x if x else "none"
print(f(0), f(1))
try:
    (lambda x: x)()
except TypeError as e:
    print(e)
