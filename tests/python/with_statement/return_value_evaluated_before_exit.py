class M:
    def __init__(self, l): self.l = l
    def __enter__(self): return self.l
    def __exit__(self, *a): self.l.append("exit")


def f():
    l = []
    with M(l) as x:
        return len(x), x


print(f())


def g():
    with M([]) as x:
        for i in range(3):
            with M(x):
                if i == 1:
                    break
        return list(x)


print(g())


def h():
    try:
        with M([]) as x:
            try:
                return "inner"
            finally:
                x.append("finally")
                print(x)
    finally:
        print(x)


print(h())


def gen():
    with M([]) as x:
        yield x
        yield x


it = gen()
print(next(it), next(it))
print(list(it))
