x = 1


def f():
    global x, created
    x = 2
    created = "yes"


f()
print(x, created)


def g():
    global x
    del x


g()
try:
    x
except NameError as e:
    print(e)


def h():
    x = 5

    def inner():
        global x
        x = "global again"
    inner()
    return x


print(h(), x)


class C:
    global x
    x = "from class"


print(x, hasattr(C, "x"))


def imp():
    global math
    import math


imp()
print(math.pi)


def fn():
    global made

    def made():
        return "made"


fn()
print(made())


def loop():
    global i
    for i in range(3):
        pass


loop()
print(i)
