log = []


def inner():
    try:
        yield 1
        yield 2
    except GeneratorExit:
        log.append("inner exit")
        raise
    finally:
        log.append("inner finally")


def outer():
    try:
        yield from inner()
    finally:
        log.append("outer finally")


o = outer()
next(o)
o.close()
print(log)


class It:
    def __iter__(self): return self
    def __next__(self): return 1
    def close(self): print("It.close")
    def throw(self, *a):
        print("It.throw", a[0] if isinstance(a[0], type) else type(a[0]).__name__)
        return "thrown"
    def send(self, v):
        print("It.send", v)
        return v * 2


def d():
    yield from It()


x = d()
print(next(x), x.send(21), x.throw(ValueError), next(x))
x.close()
a = outer()
print(next(a), a.gi_yieldfrom.__name__, a.gi_running, a.gi_frame is not None)
list(a)
print(a.gi_yieldfrom, a.gi_frame)
