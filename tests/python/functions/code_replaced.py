# A function whose __code__ is replaced while it runs: what runs, and what shows of it, stays whole.
import gc
import sys
import types
import weakref


def other(n):
    return -n


def churn():
    for _ in range(3):
        gc.collect()
    return [compile("a = %d\nb = (a, 'text', 1.5)" % i, "made", "exec") for i in range(60)]


def build():
    namespace = {"weakref": weakref, "churn": churn, "other": other, "sys": sys}
    exec("def f(n):\n"
         "    w = weakref.ref(f.__code__)\n"
         "    f.__code__ = other.__code__\n"
         "    made = churn()\n"
         "    frame = sys._getframe()\n"
         "    total = sum(x for x in range(n))\n"
         "    return w, frame, total, 'constant', 12345678901234567890, len(made)\n", namespace)
    return namespace["f"]


f = build()
w, frame, *rest = f(10)
print(rest, f(10))
churn()
print(w() is None, frame.f_code.co_name, frame.f_lineno, w() is frame.f_code)
del f, frame
for _ in range(3):
    gc.collect()
print(w() is None)


# The same of a generator, of a method, and of a frame in a traceback.
def numbers(n):
    for i in range(n):
        if i == 1:
            numbers.__code__ = other.__code__
            churn()
        yield i, numbers.__code__.co_name


it = numbers(3)
print(list(it), it.gi_code.co_name, numbers(5))


class C:
    def m(self):
        C.m.__code__ = (lambda self: "new").__code__
        churn()
        raise ValueError(self.m())


try:
    C().m()
except ValueError as error:
    t = error.__traceback__
    while t:
        print(t.tb_frame.f_code.co_name, t.tb_lineno > 0)
        t = t.tb_next
    print(error)

# Replaced many times, by one of two.
g = types.FunctionType(other.__code__, {})
a, b = (lambda n: n + 1).__code__, (lambda n: n + 2).__code__
for i in range(1000):
    g.__code__ = a if i % 2 else b
print(g(1), g.__code__ is a)
