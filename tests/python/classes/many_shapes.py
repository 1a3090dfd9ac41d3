# Objects whose attributes are set in different orders, deleted and set again, read at one place.
class P:
    pass


def total(o):
    return o.a + o.b + o.c


objs = []
for order in ("abc", "acb", "bac", "bca", "cab", "cba"):
    o = P()
    for i, n in enumerate(order):
        setattr(o, n, i + ord(n))
    objs.append(o)
print([total(o) for o in objs for _ in range(3)])
for o in objs:
    del o.b
    o.b = 0
    o.extra = 1
print([total(o) for o in objs], [list(o.__dict__) for o in objs])


class Q:
    c = 100

    def __init__(self, a):
        self.a = a
        self.b = a


print(total(Q(1)))
Q.c = 200
print(total(Q(1)))
q = Q(2)
q.c = 0
print(total(q), total(Q(2)))
