# exec() with subclasses of dict, and with closures.
import types


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Loud(dict):
    def __getitem__(self, key):
        raise ValueError("no " + key)


class Frozen(dict):
    def __setitem__(self, key, value):
        raise ValueError("frozen " + key)


print(attempt(exec, compile("name", "test", "exec"), Loud(name=1)))
print(attempt(exec, compile("name", "test", "exec"), {"__builtins__": Loud(name=1)}))
print(attempt(exec, compile("x = 1", "test", "exec"), Frozen()))
print(attempt(exec, compile("class A: pass", "test", "exec"), {"__builtins__": Frozen()}))
print(attempt(exec, compile("name", "test", "exec"), {"__builtins__": Frozen()}))
print(attempt(exec, compile("name", "test", "exec"), {"__builtins__": Frozen(name=2)}))
result = 0


def make():
    a, b = 2, 3

    def inner():
        global result
        result = a * b
    return inner


inner = make()
code, cells = inner.__code__, inner.__closure__
exec(code, globals(), closure=cells)
print(result)
exec(code, globals(), closure=(types.CellType(5), types.CellType(7)))
print(result)
for closure in (None, cells[:1], list(cells), (int, cells[0]), cells + cells):
    print(attempt(exec, code, globals(), closure=closure))
print(attempt(exec, make.__code__, globals(), closure=cells))
print(attempt(exec, "pass", globals(), closure=cells))
print(attempt(lambda: (lambda **k: 1)(**{1: 3}, **{1: 5})).split(".")[-1])
