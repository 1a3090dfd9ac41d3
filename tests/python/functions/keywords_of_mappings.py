# Keyword arguments from mappings that are no dicts, and keys that come twice.
from collections.abc import Mapping


class Pairs(Mapping):
    def __init__(self, *pairs):
        self.pairs = pairs

    def __iter__(self):
        return (key for key, _ in self.pairs)

    def __getitem__(self, key):
        for k, v in self.pairs:
            if k == key:
                return v
        raise KeyError(key)

    def __len__(self):
        return len(self.pairs)


class Broken(Pairs):
    def __getitem__(self, key):
        raise ZeroDivisionError


def f(x=0, *args, **kwargs):
    return x, args, kwargs


def attempt(function):
    try:
        return function()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(attempt(lambda: f(**Pairs(("x", 1), ("y", 2)))))
print(attempt(lambda: f(**Pairs(("x", 1), ("x", 2)))))
print(attempt(lambda: f(a=3, **Pairs(("x", 1), ("x", 2)))))
print(attempt(lambda: f(**Pairs(("a", 3)), **Pairs(("x", 1), ("x", 2)))))
print(attempt(lambda: f(**{1: 3}, **{1: 5})))
print(attempt(lambda: f(a=1, **Pairs(("a", 1)))))
print(attempt(lambda: f(a=1, **Broken(("b", 1)))))
print(attempt(lambda: f(**Pairs(([], 1)))))
