l = [1, 2, 3]
out = []
for x in l:
    out.append(x)
    if len(l) < 6:
        l.append(x * 10)
print(out, l)
l = list(range(6))
for x in l:
    if x % 2 == 0:
        l.remove(x)
print(l)
it = iter([1, 2])
print(list(it), list(it), it.__length_hint__())
l = [1, 2, 3]
it = iter(l)
next(it)
l.clear()
print(list(it))
l.append(5)
print(list(it))
r = reversed([1, 2, 3])
print(next(r), r.__length_hint__(), list(r), list(r))
l = [1, 2, 3, 4]
r = reversed(l)
next(r)
del l[1:]
print(list(r))
it = iter([1, 2, 3])
next(it)
it.__setstate__(0)
print(list(it))
l = [0]
l[:] = (l.append(1) or x for x in range(3))
print(l)


class E:
    def __eq__(self, o):
        data.clear()
        return False


data = [E(), E(), E()]
print(5 in data, data)
data = [E(), E()]
try:
    data.index(1)
except ValueError as e:
    print(e)
data = [E(), E()]
try:
    data.remove(1)
except ValueError as e:
    print(e)
