# Functions read their globals through what a subclass of dict makes of them.
class Numbers(dict):
    def __missing__(self, key):
        if not key.startswith("n"):
            raise KeyError(key)
        return int(key[1:])


class Upper(dict):
    def __getitem__(self, key):
        return key.upper() if key.startswith("x") else super().__getitem__(key)


class Broken(dict):
    def __getitem__(self, key):
        raise ZeroDivisionError(key)


add = eval("lambda: n1 + n20 + len('abc')", Numbers())
print([add() for _ in range(40)][-1])
space = Upper(xa=1, y=2)
read = eval("lambda: (xa, xb, y, abs(-1))", space)
print([read() for _ in range(40)][-1])
space["y"] = 3
print(read())
for source, globals in ("lambda: other", Numbers()), ("lambda: y", Upper()), ("lambda: z", Broken(z=1)):
    try:
        print(eval(source, globals)())
    except (NameError, ZeroDivisionError) as error:
        print(type(error).__name__, error)
