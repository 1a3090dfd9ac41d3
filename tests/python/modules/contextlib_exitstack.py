from contextlib import ExitStack, contextmanager, suppress, AbstractContextManager, redirect_stderr
import io, sys


@contextmanager
def cm(n, swallow=None):
    print("enter", n)
    try:
        yield n
    except BaseException as e:
        print("saw", n, repr(e))
        if not swallow:
            raise
    finally:
        print("leave", n)


with ExitStack() as s:
    print([s.enter_context(cm(i)) for i in range(3)])
try:
    with ExitStack() as s:
        s.enter_context(cm("a")); s.enter_context(cm("b", True)); raise ValueError("v")
except ValueError:
    print("never")
with ExitStack() as s:
    s.callback(print, "cb", 1); s.push(lambda *a: print("push", a[0])); other = s.pop_all()
print("moved"); other.close()


def bad(): raise KeyError("from callback")


try:
    with ExitStack() as s:
        s.callback(bad); s.enter_context(cm("outer")); raise IndexError("first")
except KeyError as e:
    print(repr(e), repr(e.__context__))
with suppress(ValueError, KeyError) as x:
    print(x); raise KeyError
err = io.StringIO()
with redirect_stderr(err):
    print("to err", file=sys.stderr)
print(repr(err.getvalue()))
class C(AbstractContextManager):
    def __exit__(self, *a): print("C exit"); return True


with C() as c:
    raise ValueError
g = cm("reuse")
with g:
    pass
try:
    with g:
        pass
except (RuntimeError, AttributeError) as e:
    print(type(e).__name__, e)
