# del o[k] where the type has no such thing: what CPython says depends on the key, too.


class Plain:
    pass


class Position:
    def __index__(self):
        return 0


things = [object(), Plain(), (1,), 5, "a", None, len, range(3), b"", frozenset(), 1.0, Plain, iter([]), type,
          memoryview(b"abc"), {1: 2}.keys(), slice(1)]
for thing in things:
    for key in 0, True, "x", 1.5, 1 << 70, Position(), None:
        try:
            del thing[key]
        except Exception as error:
            print(type(thing).__name__, type(key).__name__, type(error).__name__, error)
        try:
            thing[key] = 1
        except Exception as error:
            print(type(thing).__name__, type(key).__name__, type(error).__name__, error)
