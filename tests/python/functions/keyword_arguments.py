def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())


print(f(1, c=3))
print(f(1, 5, 6, 7, c=3, d=8, e=9, z=10))
print(f(c=1, a=2))
print(f(*[1, 2, 3], **{"c": 4, "q": 5}))
print(f(*(1,), *[2], 3, *"ab", c=0, **{"x": 1}, **{"y": 2}))


def order(**kw):
    return list(kw)


print(order(z=1, a=2, m=3))
print(order(**{"b": 1}, a=2, **{"c": 3}))
d = {"k": 1}


def own(**kw):
    kw["new"] = 1
    return kw


print(own(**d), d)
