def source(n):
    for i in range(n):
        yield i


def evens(it):
    for x in it:
        if x % 2 == 0:
            yield x


def square(it):
    for x in it:
        yield x * x


print(list(square(evens(source(12)))))


def averager():
    total = count = 0
    avg = None
    while True:
        x = yield avg
        if x is None:
            return total, count
        total += x
        count += 1
        avg = total / count


a = averager()
next(a)
print([a.send(v) for v in (10, 20, 60)])
try:
    a.send(None)
except StopIteration as e:
    print(e.value)


def permutations(items):
    if not items:
        yield ()
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1:]):
            yield (x,) + rest


print(list(permutations([1, 2, 3])))


def roundrobin(*gs):
    gs = [iter(g) for g in gs]
    while gs:
        for g in gs[:]:
            try:
                yield next(g)
            except StopIteration:
                gs.remove(g)


print("".join(roundrobin("abc", "d", "ef")))
