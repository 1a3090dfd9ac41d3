it = iter([1, 2])
print(next(it), next(it), next(it, "default"), next(it, None))
n = 0


def tick():
    global n
    n += 1
    return n


print(list(iter(tick, 4)), n)
i = iter(tick, 6)
print(next(i), next(i, "d"), next(i, "e"))
for f in (lambda: next(iter([])), lambda: next(5), lambda: next(), lambda: iter(5), lambda: iter(), lambda: iter(5, 1), lambda: next([1]), lambda: next(iter([]), 1, 2)):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)


class Stop:
    def __call__(self): raise StopIteration("early")


print(list(iter(Stop(), 0)))
