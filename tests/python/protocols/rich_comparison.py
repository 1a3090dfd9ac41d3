class V:
    def __init__(self, v): self.v = v
    def __eq__(self, o): print("eq", end=" "); return self.v == o.v if isinstance(o, V) else NotImplemented
    def __lt__(self, o): print("lt", end=" "); return self.v < o.v if isinstance(o, V) else NotImplemented
    def __le__(self, o): print("le", end=" "); return self.v <= o.v if isinstance(o, V) else NotImplemented


a, b = V(1), V(2)
print(a == b, a != b, a < b, a > b, a <= b, a >= b, a == 1, a != 1, 1 == a)
for f in (lambda: a < 1, lambda: a > 1, lambda: 1 <= a, lambda: hash(a)):
    try:
        print(f())
    except TypeError as e:
        print(e)


class L:
    def __lt__(self, o): return "lt"
    def __gt__(self, o): return "gt"


print(L() < 1, 1 < L(), L() > 1, 1 > L(), L() == L(), (lambda x: x == x)(L()))


class Sub(V):
    def __gt__(self, o): return "sub gt first"
    def __eq__(self, o): return "sub eq first"


print(V(1) < Sub(2), V(1) == Sub(1), Sub(1) == V(1))
class NE:
    def __ne__(self, o): return "ne"


print(NE() != 1, NE() == 1, 1 != NE())
class EqTrue:
    def __eq__(self, o): return True


print(EqTrue() != 5, EqTrue() == None, 5 in [EqTrue()], EqTrue() in (1,), [EqTrue()] == [7], (1, EqTrue()) == (1, 2))
print(max([V(1), V(3), V(2)], key=lambda x: x.v).v, (1 < 2) == (2 > 1), [1, 2] < [1, 3] < [2], "a" < "b" < "c" != "d")
for x, y in ((1, "a"), (None, 0), ([], ()), ({}, []), (object, int), (1j, 1), (print, len)):
    print(x == y, x != y, end=" ")
    try:
        x < y
    except TypeError as e:
        print(e)
