# What open() takes for a path, what FileIO asks its subclasses, and what it warns about.
import gc
import io
import os
import warnings


class Path:
    def __init__(self, value):
        self.value = value

    def __fspath__(self):
        if isinstance(self.value, BaseException):
            raise self.value
        return self.value


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"


for good in (Path("a"), Path(b"a")):
    with open(good, "w") as f:
        f.write("text")
        print(f.name)
    with io.FileIO(good) as f:
        print(f.read(), type(f.name).__name__, f._blksize == os.stat("a").st_blksize)
for bad in (Path(3), Path([]), Path(None), Path(KeyError("x")), [], None, 1.5):
    print(attempt(open, bad), attempt(io.FileIO, bad))
print(attempt(open, Path("a"), "rwxa"))


class Named(io.FileIO):
    @property
    def name(self):
        return "mine"

    @name.setter
    def name(self, value):
        raise ZeroDivisionError


print(attempt(Named, "a"))


class Noted(io.FileIO):
    def __del__(self):
        print("del")
        super().__del__()

    def close(self):
        print("close")
        super().close()

    def flush(self):
        print("flush")
        super().flush()


f = Noted("a", "w")
del f
gc.collect()
f = io.FileIO("a")
f.flush = lambda: 1 / 0
print(attempt(f.close), f.closed)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    open("a", "rb", 1).close()
print([str(w.message) for w in caught])
