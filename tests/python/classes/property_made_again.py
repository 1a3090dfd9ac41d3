# property.__init__ can be called again: code that has read the attribute before calls the new functions, and a function
# that replaces itself runs to its end.
import gc


class C:
    p = property(lambda self: "first")


def read():
    return c.p


def made_again(text):
    return lambda self: text


c = C()
again = vars(C)["p"]
print([read() for _ in range(5)])
for i in range(5):
    again.__init__(made_again(f"again {i}"), made_again("set"))
    garbage = [[i] for i in range(100)]
    print([read() for _ in range(3)], again.fget(c), again.fset(c), again.fdel)
again.__init__()
for _ in range(3):
    try:
        read()
    except AttributeError as e:
        print(e)
again.__init__(None, None, None, "text")
print(again.__doc__)


def replaces_itself(self):
    def inner():
        return x

    x = ["kept"]
    again.__init__(made_again("later"))
    gc.collect()
    return inner()


again.__init__(replaces_itself)
del replaces_itself
print(read(), read())


class Called:
    def __call__(self, instance):
        again.__init__(made_again("last"))
        gc.collect()
        return self


again.__init__(Called())
print(type(read()).__name__, read())
