import gc
log = []


def g(name):
    try:
        yield name
    finally:
        log.append("cleanup " + name)


def abandon():
    a = g("a")
    next(a)


abandon()
gc.collect()
print(log)
b = g("b")
next(b)
del b
gc.collect()
print(log)
never = g("never started")
del never
gc.collect()
print(log)


def cyc():
    c = g("cycle")
    next(c)
    l = [c]
    l.append(l)


cyc()
[].append(1)  # no stale word of the last call may keep the cycle, where a collector looks at the C stack
gc.collect()
print(log)


def with_ctx():
    class M:
        def __enter__(self): return self
        def __exit__(self, *a): log.append(("exit", a[0].__name__))
    with M():
        yield


w = with_ctx()
next(w)
del w
gc.collect()
print(log[-1])
