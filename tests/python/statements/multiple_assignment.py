a = b = c = []
a.append(1)
print(b, a is c)
x, y = 1, 2
x, y = y, x
print(x, y)
(p, q), r = [1, 2], 3
print(p, q, r)
[m, n] = "ab"
print(m, n)
i = 0
l = [0, 0, 0]
i, l[i] = 1, 9
print(i, l)
l[0], l[1], l[2] = l[2], l[0], l[1]
print(l)
a, = [5]
print(a)
() = []
[] = ()
d = {}
d["x"], d["y"] = d, 2
print(d["y"], d["x"] is d)
a = a, = [7]
print(a)
