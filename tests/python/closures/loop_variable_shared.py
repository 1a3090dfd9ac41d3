def make():
    fs = []
    for i in range(4):
        def f():
            return i
        fs.append(f)
    return fs, [f() for f in fs]


fs, seen = make()
print(seen)


def make2():
    return [(lambda j: lambda: j)(i) for i in range(4)]


print([f() for f in make2()])


def args(x):
    def get():
        return x
    x += 1
    return get


print(args(1)())


def param_cell(a, *args, k=3, **kw):
    def show():
        return a, args, k, kw
    return show


print(param_cell(1, 2, k=4, z=5)())
