l = []
for i in range(100000):
    l.append(i)
print(len(l), sum(l), l[50000], l[-1])
while len(l) > 10:
    l.pop()
print(l)
for i in range(1000):
    l.insert(0, i)
print(len(l), l[:3], l[-3:])
for i in range(500):
    l.pop(0)
print(l[:3], len(l))
m = [0] * 10
m[5:5] = range(1000)
print(len(m), m[4:8], m[-6:-4])
del m[::2]
print(len(m), sum(m))
m *= 5
print(len(m))
print(sum([[i] * 3 for i in range(100)], [])[-4:])
for f in (lambda: [1] * (1 << 62), lambda: [0] * (1 << 64)):
    try:
        f()
    except (MemoryError, OverflowError) as e:
        print(type(e).__name__, e)
