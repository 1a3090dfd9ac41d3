import weakref


class N:
    pass


dead = 0


def count(_):
    global dead
    dead += 1


refs = []
for i in range(1000000):
    if dead:
        break
    n = N()
    n.me = n
    n.pad = [n]
    refs.append(weakref.ref(n, count))
    if len(refs) > 1000:
        refs = refs[-500:]
print("cycles are collected without being asked" if sum(r() is None for r in refs) >= 0 and dead > 0 else "never collected")
