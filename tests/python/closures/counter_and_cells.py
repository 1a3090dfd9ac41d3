def counter():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n

    def get():
        return n
    return inc, get


a, ga = counter()
b, gb = counter()
a(); a(); a(5)
b()
print(ga(), gb())
print(a.__closure__[0].cell_contents, a.__code__.co_freevars, len(a.__closure__))
a.__closure__[0].cell_contents = 100
print(ga(), a())
print(a.__closure__[0] is ga.__closure__[0], a.__closure__[0] is gb.__closure__[0])
