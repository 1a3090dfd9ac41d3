t = (1, 2, 3)
print(t[0], t[-1], t[1:], t + (4,), t * 2, 2 * (0,), t == (1, 2, 3), t < (1, 3), () < (0,), 2 in t, t.index(2), t.count(1), len(t), hash(t) == hash((1, 2, 3)), hash(()) == hash(tuple([])), tuple("ab"), tuple(), tuple([1]), (1,), (), ((),), repr((1, "a", None)), t.index(3, 1), tuple(x for x in range(3)), t is tuple(t), t[::-1])
print(hash((1, 2)) == hash((1.0, 2.0)), hash((1, 2)) != hash((2, 1)), {(1, 2): "v"}[1, 2], hash((1, 2, 3)), hash(()), hash((0,)), hash((-1,)), hash((1, (2, 3))), hash((0.5, True)))
a = ([],)
a[0].append(a)
print(a)
for f in (lambda: t[5], lambda: t["a"], lambda: t.__setitem__, lambda: t + [1], lambda: t.index(9), lambda: hash(([],)), lambda: tuple(5), lambda: tuple(1, 2), lambda: t < [1], lambda: t.append, lambda: (1, 2) - (1,), lambda: (1,) * "a", lambda: tuple(a=1), lambda: t.count()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
try:
    t[0] = 5
except TypeError as e:
    print(e)
try:
    del t[0]
except TypeError as e:
    print(e)
x = 1, 2
y = 1,
print(x, y, (x, *y), (1) == 1, type((1)).__name__)
print(tuple(sorted((3, 1, 2))), max((1, 5), (2, 0)), (1, 2).__contains__(1), (1,).__add__((2,)), tuple(reversed(t)), tuple(map(str, t)), (t,)[0][1], tuple.__new__(tuple, "xy"))
