import functools
print(functools.reduce(lambda a, b: a + b, [1, 2, 3]), functools.reduce(max, [3], 5), functools.reduce(lambda a, b: [a, b], "abc", []))
p = functools.partial(int, base=2)
print(p("101"), p.func, p.args, p.keywords, functools.partial(p, base=8)("17"), functools.partial(print, 1, sep="-"), functools.partial(functools.partial(max, 1), 5)(3))


def deco(f):
    @functools.wraps(f)
    def inner(*a):
        "inner doc"
        return f(*a)
    return inner


@deco
def named(x):
    "named doc"
    return x


print(named.__name__, named.__doc__, named.__wrapped__(5), functools.WRAPPER_ASSIGNMENTS)
calls = []


@functools.lru_cache(maxsize=2)
def sq(x):
    calls.append(x)
    return x * x


print([sq(x) for x in (1, 2, 1, 3, 1, 2)], calls, sq.cache_info()); sq.cache_clear(); print(sq.cache_info(), sq.__wrapped__(4), sq.cache_parameters())


@functools.cache
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(100), fib.cache_info().hits)


@functools.lru_cache
def kw(a, b=1): return a, b


print(kw(1), kw(1, b=1), kw(a=1), kw(1.0), kw.cache_info())
try:
    sq([])
except TypeError as e:
    print(e)


@functools.total_ordering
class T:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v


print(T(1) <= T(1), T(2) > T(1), T(1) >= T(2))


@functools.singledispatch
def show(x): return "default"


@show.register(int)
def _(x): return "int"


@show.register
def _(x: str): return "str"


print(show(1.5), show(1), show(True), show("a"), show.dispatch(bool) is show.dispatch(int))


class C:
    @functools.cached_property
    def v(self):
        print("computed")
        return 5

    def m(self, a, b): return a, b
    pm = functools.partialmethod(m, 1)


c = C(); print(c.v, c.v, c.__dict__, c.pm(2))
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)), functools.cmp_to_key(lambda a, b: 0)(1) == functools.cmp_to_key(lambda a, b: 0)(2))
for f in (lambda: functools.reduce(max, []), lambda: functools.reduce(max, 5), lambda: functools.partial(), lambda: functools.partial(5), lambda: functools.reduce(1)):
    try:
        f()
    except TypeError as e:
        print(e)
