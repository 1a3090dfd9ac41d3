def g():
    print("start")
    x = yield 1
    print("got", x)
    y = yield 2
    print("got", y)
    return "result"


it = g()
print(type(it).__name__, iter(it) is it)
print(next(it))
print(it.send("a"))
try:
    it.send("b")
except StopIteration as e:
    print("stop", e.value)
try:
    next(it)
except StopIteration as e:
    print("again", e.value)
print(list(g()))
print(next(iter([]), "default"), next(g.__call__(), None))
fresh = g()
try:
    fresh.send(1)
except TypeError as e:
    print(e)
print(fresh.send(None))


def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fib()
print([next(f) for _ in range(12)])
print(sum(x for x in range(10)), max(x * x % 7 for x in range(10)))


def empty():
    return
    yield


print(list(empty()))
