from collections import deque
import copy
d = deque([1, 2, 3])
d.append(4); d.appendleft(0); d.extend([5, 6]); d.extendleft([-1, -2]); print(d, len(d), d[0], d[-1], d[4])
print(d.pop(), d.popleft(), d); d.rotate(2); print(d); d.rotate(-3); print(d); d.rotate(); print(d); d.reverse(); print(d)
d.remove(3); d.insert(1, "x"); d[0] = "first"; del d[2]; print(d, d.index("x"), d.count(1), "x" in d)
m = deque(maxlen=3); m.extend(range(5)); print(m, m.maxlen); m.appendleft(9); print(m, deque([1, 2, 3], 2), deque([1], 0))
print(deque("ab") + deque("c"), deque("ab") * 2, deque([1]) == deque([1]), deque([1]) == [1], deque([1, 2]) < deque([1, 3]), list(reversed(deque("abc"))), list(deque("abc")), d.copy() == d, copy.copy(m).maxlen, deque(), bool(deque()), deque([deque()]), repr(deque([1], maxlen=5)), deque("ab", 2) * 3)
s = deque([1]); s.append(s); print(s)
s = deque([1, 2]); s += [3]; s *= 2; print(s); s.extend(s); print(len(s)); s.clear(); print(s)
for f in (lambda: deque().pop(), lambda: deque().popleft(), lambda: deque([1])[5], lambda: deque([1]).remove(2), lambda: deque([1]).index(2), lambda: deque(5), lambda: deque([], -1), lambda: deque([], "a"), lambda: hash(deque()), lambda: deque([1])[0:1], lambda: deque() + [1], lambda: deque(maxlen=1).insert(0, 1) or deque([1], 1).insert(0, 2), lambda: setattr(deque(), "maxlen", 1), lambda: deque([1]) < [1], lambda: deque().rotate("a"), lambda: deque([1]).__setitem__(3, 1)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
d = deque([1, 2, 3])
try:
    for x in d:
        d.append(x)
except RuntimeError as e:
    print(e)
big = deque()
for i in range(10000):
    big.append(i)
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[-1], big[3000], sum(big))
big.rotate(1234)
print(big[0], big[-1], big.index(9999))


# remove() and what comparing does to the deque meanwhile.
class Changing:
    def __init__(self, answer, change):
        self.answer, self.change = answer, change

    def __eq__(self, other):
        self.change()
        return self.answer


for answer in False, True:
    for name, args in ("append", (4,)), ("rotate", (1,)), ("clear", ()), ("pop", ()), ("count", (1,)):
        d = deque([1, 2, 3])
        try:
            print(d.remove(Changing(answer, lambda: getattr(d, name)(*args))), d)
        except (IndexError, ValueError) as e:
            print(type(e).__name__, name, "iteration" in str(e), d)
# What is put in together, with maxlen.
for limit in None, 0, 2, 5:
    d = deque([1, 2, 3], limit)
    d.extend([4, 5, 6])
    d.extendleft((7, 8))
    d.extend(d)
    d.extendleft({9: 9})
    print(d, limit != 0 and (d[-1], d[-len(d)]))
