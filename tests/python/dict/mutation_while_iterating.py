def attempt(f):
    try:
        print(f())
    except (RuntimeError, KeyError) as e:
        print(type(e).__name__, e)


def add():
    d = {1: 1, 2: 2}
    for k in d:
        d[k + 10] = 1
def delete():
    d = {1: 1, 2: 2}
    for k in d:
        del d[k]
def values():
    d = {1: 1, 2: 2}
    for v in d.values():
        d[v * 10] = 1
def items():
    d = {1: 1, 2: 2}
    for k, v in d.items():
        d.clear()
def replace():
    d = {1: 1, 2: 2}
    for k in d:
        d[k] = 5
    return d
def swap():
    d = {1: 1, 2: 2, 3: 3}
    out = []
    for k in d:
        out.append(k)
        if k < 10:
            del d[k]
            d[k + 10] = 1
    return out
def last():
    d = {1: 1}
    for k in d:
        d[2] = 1
def listed():
    d = {1: 1, 2: 2}
    for k in list(d):
        del d[k]
    return d
def rev():
    d = {1: 1, 2: 2}
    for k in reversed(d):
        d[9] = 1
def set_add():
    s = {1, 2}
    for x in s:
        s.add(x + 10)
def set_listed():
    s = {1, 2, 3}
    for x in list(s):
        s.discard(x)
    return s
def after_end():
    d = {1: 1}
    it = iter(d)
    next(it)
    out = [next(it, "end")]
    d[2] = 2
    return out, next(it, "still end")


for f in (add, delete, values, items, replace, swap, last, listed, rev, set_add, set_listed, after_end):
    print(f.__name__, end=" ")
    attempt(f)
