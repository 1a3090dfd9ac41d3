x = "global"


def f():
    x = "function"

    class C:
        x = "class"
        y = x

        def m(self):
            return x
        z = [x for _ in range(1)]
        w = [i for i in x][:2]
    return C.y, C().m(), C.z, C.w


print(f())


class D:
    x = "class D"
    del x
    y = x


print(D.y)


def g():
    v = 1

    class E:
        v = v_copy = 7

        def get(self):
            return v
    return E().get(), E.v, E.v_copy


print(g())


def h():
    val = "enclosing"

    class K:
        nonlocal val
        val = "rebound"
    return val, hasattr(K, "val")


print(h())


def p():
    q = 1

    class R:
        print(q)
        q = 2
        print(q)


try:
    p()
except NameError as e:
    print(type(e).__name__, e)
