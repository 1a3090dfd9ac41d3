class A:
    a = 1

    def m(self): pass


class B(A):
    b = 2

    def __init__(self):
        self.inst = 3


def own(names):
    return [n for n in names if not n.startswith("__")]


print(own(dir(B())), own(dir(B)), own(dir(A)))
print(vars(B()), own(vars(A)))


class C:
    def __dir__(self):
        return ["z", "a"]


print(dir(C()))
import math
print("pi" in dir(math), own(dir(int))[:4])


def f():
    local = 1
    return dir(), vars()


print(f())
for g in (lambda: vars(1), lambda: vars([])):
    try:
        g()
    except TypeError as e:
        print(e)
print([n for n in dir(object()) if n not in dir(object)], "__init__" in dir(B), "__dict__" in dir(B()))
