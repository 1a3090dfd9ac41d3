def l1(a):
    def l2(b):
        def l3(c):
            def l4(d):
                return a + b * 10 + c * 100 + d * 1000
            return l4
        return l3
    return l2


print(l1(1)(2)(3)(4))


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "inner"
        inner()
        return x
    return middle(), x


print(outer())


def shadow():
    x = 1

    def f():
        x = 2

        def g():
            nonlocal x
            x = 3
        g()
        return x
    return x, f(), x


print(shadow())
