# SPDX-License-Identifier: MIT
"""Random signatures, called in random ways, with changes to the functions in between.

A round makes functions, methods and classes whose parameters are drawn (positional-only, defaults, *args, keyword-only,
**kw; some are generators or have cells), and calls them through the same places with positional arguments, keywords,
* and **. In between defaults, code and names of the functions change. Each line shows the call and what it gave or
raised.
"""
import functools

from _drawing import actions, describe, run, say, show

ROUNDS = 45

CALLS = actions(
    "f, args, keywords, more, mapping, iterator",
    """
    f()
    f(1)
    f(1, 2)
    f(1, 2, 3)
    f(1, 2, 3, 4, 5, 6, 7)
    f(a=1)
    f(1, b=2)
    f(b=2, a=1)
    f(1, d=4, e=5)
    f(*args)
    f(1, *args)
    f(**keywords)
    f(1, **keywords)
    f(*args, **keywords)
    f(1, *args, b=3)
    f(a=1, **keywords)
    f(zz=1)
    f(1, a=2)
    f(*args, *args)
    f(**keywords, **more)
    f(1, 2, *args, c=3, **more)
    f(d=1, e=2, f=3)
    f(a=1, b=2, c=3, d=4, e=5, f=6)
    f(1, 2, c=3, d=4)
    f(**mapping)
    f(*iterator)
    f(**{'a': 1, 'x y': 2})
    f(**{1: 2})
    f(*5)
    f(**5)
    """,
    globals(),
)


class Mapping:
    def __init__(self, items):
        self.items = items

    def keys(self):
        return list(self.items)

    def __getitem__(self, key):
        return self.items[key]


def signature(draw):
    """Parameters as they are written, and an expression that shows all of them."""
    names = list("abcdef")[: draw.below(6)]
    positional = draw.between(0, len(names))
    only = draw.between(0, positional)
    parts, shown = [], list(names)
    with_default = False
    for i, name in enumerate(names[:positional]):
        with_default = with_default or draw.chance(35)
        parts.append(f"{name}={i}" if with_default else name)
        if i + 1 == only:
            parts.append("/")
    if draw.chance(30):
        parts.append("*args")
        shown.append("args")
    elif names[positional:]:
        parts.append("*")
    for i, name in enumerate(names[positional:]):
        parts.append(f"{name}={10 + i}" if draw.chance(50) else name)
    if draw.chance(30):
        parts.append("**kw")
        shown.append("sorted(kw.items())")
    return ", ".join(parts), shown


def make_function(draw, name, first=""):
    """A function with a drawn signature, after the parameter `first`, and that signature."""
    parameters, shown = signature(draw)
    if first and parameters.startswith("/"):
        parameters = parameters[2:].lstrip()
    result = "(" + ", ".join([repr(name)] + shown) + ",)"
    bodies = [f"return {result}"] * 7 + [f"yield {result}", f"x = lambda: {result}\n    return x()"]
    bodies.append(f"try:\n        return {result}\n    finally:\n        pass")
    scope = {}
    exec(f"def {name}({first}{parameters}):\n    {draw.pick(bodies)}\n", scope)
    return scope[name], parameters


class Targets:
    """What is called in one round."""

    def __init__(self, draw):
        self.f1, shown1 = make_function(draw, "f1")
        self.f2, shown2 = make_function(draw, "f2")
        self.m1, shown3 = make_function(draw, "m1", "self, ")
        say("f1", shown1, "| f2", shown2, "| m1", shown3)

        class C:
            m = self.m1
            __call__ = self.m1

            def __init__(self, *args, **keywords):
                self.given = (args, sorted(keywords.items()))

        class D:
            __init__ = make_function(draw, "init", "self, ")[0]

        class New:
            def __new__(cls, *args, **keywords):
                return (cls.__name__, args, sorted(keywords.items()))

        class E(C):
            pass

        self.instances = (C, D)
        c, e = C(), E()
        self.named = [
            ("f1", self.f1),
            ("f2", self.f2),
            ("c.m", c.m),
            ("C.m", C.m),
            ("c", c),
            ("C", C),
            ("D", D),
            ("New", New),
            ("partial", functools.partial(self.f1, 1)),
            ("partial b", functools.partial(self.f1, b=1)),
            ("e", e),
            ("class method", classmethod(self.m1).__get__(None, C)),
            ("lru_cache", functools.lru_cache(self.f2)),
        ]

    def change(self, draw):
        """Changes one of the functions in a way that its calls must heed."""
        f, kind = draw.pick([self.f1, self.f2, self.m1]), draw.below(6)
        if kind == 0:
            f.__defaults__ = tuple(range(draw.below(4)))
        elif kind == 1:
            f.__kwdefaults__ = {name: 7 for name in "abcdef" if draw.chance(40)}
        elif kind == 2:
            f.__code__ = draw.pick([self.f1, self.f2]).__code__
        elif kind == 3:
            f.__defaults__ = None
        elif kind == 4:
            f.__kwdefaults__ = None
        else:
            f.__name__ = "renamed"
            f.__qualname__ = "q.renamed"
        return kind

    def simple(self, result):
        if hasattr(result, "__next__"):
            return "generator", list(result)
        if isinstance(result, self.instances):
            return type(result).__name__, getattr(result, "given", None)
        return result


def play_round(draw):
    targets = Targets(draw)
    for _ in range(60):
        if draw.chance(12):
            try:
                say("change", targets.change(draw))
            except ValueError as error:
                say("change", describe(error))
            continue
        (code, call), (name, target) = draw.pick(CALLS), draw.pick(targets.named)
        args = tuple(range(draw.below(5)))
        keywords = {name: name * 2 for name in draw.sample("abcdefg", draw.below(4))}
        more = {name: 1 for name in draw.sample("abcdefg", draw.below(2))}
        for _ in range(draw.pick([1, 3])):
            try:
                result = show(targets.simple(call(target, args, keywords, more, Mapping(keywords), iter([1, 2]))))
            except Exception as error:
                result = describe(error)
            say(name, code, args, keywords, more, "->", result)


if __name__ == "__main__":
    run(play_round, ROUNDS)
