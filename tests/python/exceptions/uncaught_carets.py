# compare: carets
def f(a, b):
    return a.x + b.y["key"][0]


class N:
    pass


a, b = N(), N()
a.x = 1
b.y = {"key": None}
f(a, b)
