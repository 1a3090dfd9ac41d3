# The recursion limit met in every kind of call: at each depth around it, and as the last of endless calls. Whatever was
# handed over is counted as often afterwards as before.
import functools
import gc
import operator
import sys


class Value:
    pass


class Rich:
    def __init__(self, a, b=None, *args, k=None, **kwargs):
        self.a = a

    def method(self, a, b=None):
        return a

    @classmethod
    def class_method(cls, a):
        return a

    @staticmethod
    def static_method(a, b=1):
        return a

    @property
    def prop(self):
        return 1

    def __getitem__(self, a):
        return a

    def __setitem__(self, a, value):
        pass

    def __delitem__(self, a):
        pass

    def __add__(self, a):
        return a

    def __radd__(self, a):
        return a

    def __iadd__(self, a):
        return self

    def __call__(self, a, b=None):
        return a

    def __eq__(self, a):
        return True

    def __hash__(self):
        return 1

    def __lt__(self, a):
        return True

    def __contains__(self, a):
        return True

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return False

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __bool__(self):
        return True

    def __len__(self):
        return 1

    def __getattr__(self, name):
        return 1

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)

    def __repr__(self):
        return "Rich"

    def __format__(self, spec):
        return "Rich"

    def __neg__(self):
        return self

    def __index__(self):
        return 1

    def __int__(self):
        return 1


class Below(Rich):
    def method(self, a, b=None):
        return super().method(a, b)


class OneArgument:
    def __init__(self, a):
        self.a = a


class New:
    def __new__(cls, a):
        return object.__new__(cls)


class NewAndInit:
    def __new__(cls, a):
        return object.__new__(cls)

    def __init__(self, a):
        pass


class Meta(type):
    def __call__(cls, a):
        return a


class WithMeta(metaclass=Meta):
    pass


class Descriptor:
    def __get__(self, instance, owner):
        return 1

    def __set__(self, instance, value):
        pass


class Described:
    d = Descriptor()


def one(a):
    return a


def many(a, b=1, *c, d=2, **e):
    return a


def by_keyword(*, a):
    return a


def generator(a):
    yield a


def matched(a):
    match a:
        case Rich(a=x):
            return x
        case _:
            return one(a)


def tried(a):
    try:
        return one(a)
    finally:
        one(a)


STATEMENTS = """
one(a)
one(a=a)
one(*(a,))
one(a, *())
many(a)
many(a, a)
many(a, a, a, a)
many(a, d=a)
many(a, z=a)
many(*(a, a))
many(*[a], **{"d": a})
many(**{"a": a})
many(a, *generator(a))
by_keyword(a=a)
o.method(a)
o.method(a, a)
o.method(a, b=a)
o.method(*(a,))
below.method(a)
o.class_method(a)
Rich.class_method(a)
o.static_method(a)
Rich.static_method(a, a)
Rich.method(o, a)
Rich(a)
Rich(a, a)
Rich(a, a, a, k=a)
Rich(a, z=a)
Rich(*(a,))
Rich(**{"a": a})
Below(a)
OneArgument(a)
OneArgument(a=a)
New(a)
NewAndInit(a)
WithMeta(a)
o.prop
o[a]
o[a] = a
del o[a]
o + a
a + o
x = o; x += a
a == o
o == a
o < a
a in o
o(a)
o(a, a)
o(a, b=a)
bound(a)
bound(a, a)
partial(a)
cached(a)
function(a)
next(o)
for x in o: break
with o: pass
if o: pass
len(o)
repr(o)
f"{o}"
f"{o!r}"
str(o)
-o
int(o)
[1, 2][o]
o.q = a
described.d
described.d = a
list(generator(a))
next(generator(a))
[one(x) for x in (a,)]
[x for x in generator(a)]
sorted([o, o], key=one)
list(map(one, [a]))
functools.reduce(many, [a, a])
{o: a}[o]
{o: 1, o: 2}
{a, o}
(lambda x=a: x)()
operator.add(o, a)
getattr(o, "prop")
getattr(o, "missing")
setattr(o, "q", a)
class K(Rich): pass
isinstance(a, Rich)
hash(o)
bool(o)
o.method
(a, *generator(a))
one(one(a))
one(o.method(a))
o.method(one(a))
Rich(one(a))
one(Rich(a))
Rich(Rich(a))
o[one(a)]
one(o + a)
dict(k=one(a))
"%s" % o
"{}".format(o)
assert o == a
matched(a)
tried(a)
exec("one(a)")
eval("one(a)")
"""


def count_after(statement):
    o, below, a, described = Rich(1), Below(1), Value(), Described()
    cached = functools.lru_cache(one)
    space = dict(globals(), o=o, below=below, a=a, described=described, bound=o.method, partial=functools.partial(many, a))
    space.update(cached=cached, function=lambda a, b=1: a)
    lines = statement.split("; ")
    exec("def warm():\n" + "".join(f"    {line}\n" for line in lines), space)
    exec("def down(n):\n    if n:\n        return down(n - 1)\n" + "".join(f"    {line}\n" for line in lines), space)
    exec("def endless():\n" + "".join(f"    {line}\n" for line in lines) + "    endless()\n", space)
    for _ in range(20):  # until its caches are filled
        space["warm"]()
    cached.cache_clear()
    gc.collect()
    before = [sys.getrefcount(x) for x in (a, o, below)]
    met = 0
    for depth in range(sys.getrecursionlimit() - 40, sys.getrecursionlimit() + 3):
        try:
            space["down"](depth)
        except RecursionError:
            met += 1
    for _ in range(3):
        try:
            space["endless"]()
        except RecursionError:
            met += 1
    cached.cache_clear()
    gc.collect()
    gc.collect()
    after = [sys.getrefcount(x) for x in (a, o, below)]
    return met > 3, "as before" if before == after else f"{before}, then {after}"


old = sys.getrecursionlimit()
sys.setrecursionlimit(250)
for statement in STATEMENTS.strip().split("\n"):
    print(statement, *count_after(statement))
sys.setrecursionlimit(old)
