try:
    [1 / x for x in (1, 0)]
except ZeroDivisionError as e:
    print(e)
try:
    {[]: 1 for _ in range(1)}
except TypeError as e:
    print(e)
try:
    {[] for _ in range(1)}
except TypeError as e:
    print(e)
try:
    [a for a, b in [(1, 2, 3)]]
except ValueError as e:
    print(e)
try:
    [x for x in None]
except TypeError as e:
    print(e)


def f():
    for i in range(3):
        try:
            yield [10 // (i - 1) for _ in range(1)]
        except ZeroDivisionError:
            yield "zero"


print(list(f()))
