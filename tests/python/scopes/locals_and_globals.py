def f(a, b=2):
    c = 3
    return locals()


print(f(1))


def g():
    x = 1

    def h():
        y = x
        return locals()
    return h()


print(g())
print(globals()["f"] is f, locals() is globals())
globals()["injected"] = 42
print(injected)


class C:
    a = 1
    inside = sorted(k for k in locals() if not k.startswith("__"))
    locals()["b"] = 2


print(C.inside, C.b)


def k():
    for i in range(2):
        pass
    del i
    return locals()


print(k())
print(sorted(f(1).keys()))
print(vars() is globals())
