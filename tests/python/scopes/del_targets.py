a = b = c = d = 1
del a
del b, c
del (d)
for n in "abcd":
    print(n in globals(), end=" ")
print()
l = list(range(6))
del l[0], l[-1]
print(l)
del l[1:3]
print(l)
x, y, z = 1, 2, 3
del (x, [y, z])
print("x" in globals(), "z" in globals())


class C:
    pass


o = C()
o.p = C()
o.p.q = {"k": [1, 2]}
del o.p.q["k"][0]
print(o.p.q)
del o.p.q
try:
    o.p.q
except AttributeError as e:
    print(e)
try:
    del o.nope
except AttributeError as e:
    print(e)
try:
    del {}["k"]
except KeyError as e:
    print(repr(e))
try:
    del [][0]
except IndexError as e:
    print(e)
try:
    del (1, 2)[0]
except TypeError as e:
    print(e)
try:
    del "abc"[0]
except TypeError as e:
    print(e)
