def g():
    yield 1
    raise ValueError("in generator")


def h():
    return [x for x in (y for y in g())]


sorted(h(), key=lambda v: v)
