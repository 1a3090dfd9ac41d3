class A:
    def __add__(self, o): print("A.add"); return NotImplemented
    def __radd__(self, o): print("A.radd"); return NotImplemented
class B:
    def __add__(self, o): print("B.add"); return NotImplemented
    def __radd__(self, o): print("B.radd"); return "B handled"
class SubA(A):
    def __radd__(self, o): print("SubA.radd"); return "subclass first"
class SubPlain(A):
    pass


def attempt(f):
    try:
        print(f())
    except TypeError as e:
        print(e)


attempt(lambda: A() + B())
attempt(lambda: A() + A())
attempt(lambda: A() + SubA())
attempt(lambda: SubA() + A())
attempt(lambda: A() + SubPlain())
attempt(lambda: A() + 1)
attempt(lambda: 1 + A())
attempt(lambda: 1 + B())
attempt(lambda: [] + B())
attempt(lambda: "s" + B())


class I:
    def __iadd__(self, o): print("iadd"); return NotImplemented
    def __add__(self, o): print("add"); return "via add"


i = I()
i += 1
print(i)


class Seq:
    def __mul__(self, n): return "mul", n
    def __rmul__(self, n): return "rmul", n


print(Seq() * 3, 3 * Seq(), [1] * 2)
attempt(lambda: "a" * Seq())


class C:
    __add__ = None
class D:
    def __radd__(self, o): return "D.radd"


attempt(lambda: C() + D())
attempt(lambda: object() + object())


class IntSub(int):
    def __radd__(self, o): return "IntSub.radd"
    def __rsub__(self, o): return "IntSub.rsub"


print(1 + IntSub(2), IntSub(2) + 1, 5 - IntSub(1), 1.0 + IntSub(1))
