# What runs a function's code without calling it: exec, eval, and the class statement's helper.
import warnings

warnings.simplefilter("ignore")


def several(a, b=2, *c, d=4, **e):
    return a


def none():
    x = 1
    return x


def generator():
    yield 1


async def coroutine():
    pass


def keyword(*, k):
    return k


def any_number(*a, **k):
    return a, k


def outer(x):
    return lambda: x


def default(a=[1]):
    return a


def attempt(name, run):
    try:
        result = run()
    except TypeError as error:
        print(name, "TypeError:", error)
    else:
        print(name, result if isinstance(result, (int, tuple, list)) else type(result).__name__)
        if hasattr(result, "close"):
            result.close()


for function in (several, none, generator, coroutine, keyword, any_number, outer, outer(1), default):
    print(function.__name__)
    attempt("exec", lambda: exec(function.__code__))
    attempt("eval", lambda: eval(function.__code__))
    attempt("exec in namespaces", lambda: exec(function.__code__, {}, {"a": 1}))
    attempt("class", lambda: __build_class__(function, "X"))
