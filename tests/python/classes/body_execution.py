class C:
    print("in body", __name__, __qualname__)
    for i in range(3):
        exec("v%d = i" % i)
    if True:
        def m(self):
            return "m"
    x, y = 1, 2
    try:
        1 / 0
    except ZeroDivisionError:
        z = "caught"


print(C.v0, C.v2, C.i, C().m(), C.x, C.y, C.z)


def make(n):
    class Local:
        """Local doc."""
        value = n

        def get(self):
            return n, self.value
    return Local


A, B = make(1), make(2)
print(A().get(), B().get(), A is B, A.__qualname__, A.__doc__)
try:
    class Bad:
        raise ValueError("in body")
except ValueError as e:
    print(e)
print("Bad" in globals())
