x = 10
x += 5; print(x)
x -= 3; print(x)
x *= 4; print(x)
x //= 5; print(x)
x **= 3; print(x)
x %= 100; print(x)
x <<= 2; print(x)
x >>= 1; print(x)
x |= 1; print(x)
x &= 7; print(x)
x ^= 2; print(x)
x /= 2; print(x)
l = [1]
m = l
l += [2]
l += (3,)
l += "ab"
print(m, l is m)
l *= 2
print(m)
l = l + [0]
print(l is m)
t = (1,)
u = t
t += (2,)
print(t, u)
s = {1}
v = s
s |= {2}; s -= {1}; s ^= {2, 3}; s &= {3, 4}
print(v)
t = ([],)
try:
    t[0] += [1]
except TypeError as e:
    print(e, t)


class C:
    def __iadd__(self, o):
        return "iadd %r" % o

    def __add__(self, o):
        return "add"

    def __sub__(self, o):
        return "sub"


c = C()
c += 1
print(c)
c = C()
c -= 1
print(c)
d = {"a": [0]}
d["a"][0] += 1
print(d)
