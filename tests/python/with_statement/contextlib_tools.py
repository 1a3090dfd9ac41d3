import contextlib
import io


@contextlib.contextmanager
def cm(name):
    print("enter", name)
    try:
        yield name
    except ValueError as e:
        print("handled", e)
    finally:
        print("exit", name)


with cm("x") as n:
    print(n)
with cm("y"):
    raise ValueError("v")
try:
    with cm("z"):
        raise KeyError("k")
except KeyError as e:
    print(repr(e))
with contextlib.suppress(ZeroDivisionError, KeyError):
    1 / 0
print("after suppress")
out = io.StringIO()
with contextlib.redirect_stdout(out):
    print("captured")
print(repr(out.getvalue()))
with contextlib.ExitStack() as stack:
    stack.callback(print, "callback")
    stack.enter_context(cm("stacked"))
    print("in stack")


class C:
    def close(self):
        print("closed")


with contextlib.closing(C()):
    pass
with contextlib.nullcontext(5) as v:
    print(v)


@cm("decorator")
def f():
    print("f body")


f()


@contextlib.contextmanager
def no_yield():
    return
    yield


try:
    with no_yield():
        pass
except RuntimeError as e:
    print(e)


@contextlib.contextmanager
def two():
    yield
    yield


try:
    with two():
        pass
except RuntimeError as e:
    print(e)


class D(contextlib.ContextDecorator):
    def __enter__(self): print("D in")
    def __exit__(self, *a): print("D out")


@D()
def g(): print("g")


g()
