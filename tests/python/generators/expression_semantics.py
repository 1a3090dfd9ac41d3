def noisy(x):
    print("noisy", x)
    return x


g = (noisy(i) for i in noisy([1, 2]))
print("created")
print(next(g))
print(list(g))
try:
    (x for x in 5)
except TypeError as e:
    print(e)
n = 10
h = (i + n for i in range(2))
n = 100
print(list(h))
print(sum(i for i in range(4)), list((a, b) for a in range(2) for b in range(a + 1) if b or a))
print(dict((k, v) for k, v in zip("ab", [1, 2])))
k = (i for i in range(10) if i % 3 == 0)
print(next(k), 6 in k, list(k))
print(type(i for i in []).__name__, (i for i in []).__name__, (i for i in []).__qualname__)


def f():
    return (j for j in range(3))


print(f().__qualname__, f().gi_code.co_name)
for src in ("f(x for x in y, 1)", "f(1, x for x in y)", "[(yield x) for x in y]", "class C(x for x in y): pass", "f(**k, x for x in y)"):
    try:
        compile("def w():\n    " + src, "<s>", "exec")
        print("ok", src)
    except SyntaxError as e:
        print(src, "->", e.msg)
