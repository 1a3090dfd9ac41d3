d = {}
for i in range(50000):
    d[i] = i * 2
print(len(d), d[49999], sum(d.values()))
for i in range(0, 50000, 2):
    del d[i]
print(len(d), list(d)[:4], 2 in d, 3 in d)
for i in range(1000):
    d["k%d" % i] = i
print(len(d), list(d)[-2:], d["k999"])
e = {}
for i in range(20000):
    e[i % 7, i % 5] = i
    if i % 3 == 0:
        e.pop((i % 7, (i + 1) % 5), None)
print(len(e), sorted(e.items())[:3])
q = {}
for i in range(30000):
    q[i] = 1
    if i >= 10:
        del q[i - 10]
print(list(q))
while q:
    q.popitem()
print(q)
m = {float(i): i for i in range(1000)}
print(m[5], m[999.0], all(m[i] == i for i in range(1000)))
n = {str(i): {i: [i]} for i in range(2000)}
print(n["1999"][1999], len(n), repr(n)[:40], len(repr(n)))
s = {-i: i for i in range(500)}
s.update({i << 32: i for i in range(500)}); s.update({i << 61: i for i in range(1, 200)})
print(len(s), s[5 << 32], s[7 << 61], s[-3])
