def outer():
    def f(a, b: int = 1, *args: "star", c=2, **kw) -> str:
        """Doc text."""
        return a
    return f


f = outer()
print(f.__name__, f.__qualname__, f.__module__, f.__doc__)
print(f.__annotations__)
print(f.__dict__)
f.tag = 1
f.__name__ = "renamed"
f.__qualname__ = "q.renamed"
print(f.tag, f.__dict__, f.__name__, f.__qualname__)
del f.tag
try:
    f.tag
except AttributeError as e:
    print(e)
code = f.__code__
print(code.co_name, code.co_argcount, code.co_kwonlyargcount, code.co_posonlyargcount, code.co_varnames)
print(code.co_flags & 0x0c, code.co_freevars, code.co_cellvars)
try:
    f.__name__ = 3
except TypeError as e:
    print(e)
try:
    f.__defaults__ = 3
except TypeError as e:
    print(e)
print(f.__globals__ is globals(), f.__closure__)
print((lambda: 0).__name__, (lambda: 0).__qualname__)
