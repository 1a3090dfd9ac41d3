def f(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)
    return fact(n)


print(f(20), f(30))


def tree(depth):
    count = 0

    def walk(d):
        nonlocal count
        count += 1
        if d:
            walk(d - 1)
            walk(d - 1)
    walk(depth)
    return count


print(tree(6))


def memo():
    cache = {}

    def fib(n):
        if n not in cache:
            cache[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
        return cache[n]
    return fib


print(memo()(80))
