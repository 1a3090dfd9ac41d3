def g():
    a = (yield 1) + (yield 2)
    print("sum", a)
    b = [(yield 3), (yield 4)]
    print(b)
    c = {"k": (yield 5)}
    print(c, f"{(yield 6)}")
    print((yield 7) if (yield 8) else "no")
    x = y = yield 9
    print(x, y)
    x += yield 10
    print(x)
    return (yield)


it = g()
next(it)
out = []
v = 0
try:
    while True:
        v += 1
        out.append(it.send(v))
except StopIteration as e:
    print(out, e.value)


def pair():
    yield 1, 2
    yield


print(list(pair()))


def lam():
    f = lambda: (yield "lam")
    yield from f()


print(list(lam()))


def args(*a, **k):
    yield from a
    yield k


print(list(args(1, 2, x=3)))
for src in ("yield 1", "class C:\n    yield 1", "def f():\n    yield = 1", "def f():\n    (yield) = 1", "return 1", "lambda: (yield)",
            "def f():\n    yield from", "x = yield"):
    try:
        compile(src, "<s>", "exec")
        print("ok", repr(src))
    except SyntaxError as e:
        print(repr(src), "->", e.msg)
