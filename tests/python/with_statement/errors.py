class NoEnter:
    def __exit__(self, *a): pass


class NoExit:
    def __enter__(self): pass


class EnterRaises:
    def __enter__(self): raise ValueError("enter")
    def __exit__(self, *a): print("not called")


class ExitRaises:
    def __enter__(self): pass
    def __exit__(self, *a): raise KeyError("exit")


class ExitBool:
    def __enter__(self): pass
    def __exit__(self, *a): return BadBool()


class BadBool:
    def __bool__(self): raise OverflowError("bad bool")


def try_with(m, raise_inside=False):
    try:
        with m:
            if raise_inside:
                raise IndexError("body")
    except Exception as e:
        print(type(e).__name__, e, "| context:", repr(e.__context__))


try_with(NoEnter())
try_with(NoExit())
try_with(5)
try_with(EnterRaises())
try_with(ExitRaises())
try_with(ExitRaises(), True)
try_with(ExitBool(), True)
try_with(ExitBool())


class Instance:
    pass


i = Instance()
i.__enter__ = lambda: 1
i.__exit__ = lambda *a: None
try_with(i)
