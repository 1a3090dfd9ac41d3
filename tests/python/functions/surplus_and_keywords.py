"""Which complaint comes first when positional arguments are too many and keywords are wrong as well."""
def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except TypeError as e:
        print(e)


for function in (lambda: 0, lambda a: 0, lambda a, /: 0, lambda a=1, *, k: 0, lambda a, **kw: 0, lambda a, /, b=2, *, k=3, **kw: 0):
    for args in ((), (1,), (1, 2), (1, 2, 3)):
        for kwargs in ({}, {"a": 1}, {"k": 1}, {"x": 1}, {"k": 1, "x": 2}, {"x": 2, "a": 1}, {"a": 1, "k": 2, "b": 3}):
            attempt(function, *args, **kwargs)
