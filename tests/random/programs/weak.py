# SPDX-License-Identifier: MIT
"""Weak references and finalisers: weak containers, finalize, callbacks, cycles, __del__ that brings objects back.

A round makes objects of several kinds, links them, refers to them weakly in all ways, and lets them die. Each step ends
with a collection; its line shows what it gave and what happened in it, sorted, because collectors differ in the order.
"""
import gc
import weakref

from _drawing import describe, outcome, run, say

ROUNDS = 5

EVENTS = []


def note(*parts):
    EVENTS.append(" ".join(map(str, parts)))


class Node:
    def __init__(self, name):
        self.name = name
        self.links = []

    def __repr__(self):
        return f"{type(self).__name__}({self.name})"

    def method(self):
        return self.name


class Slotted:
    __slots__ = ("name", "links", "__weakref__")
    __init__ = Node.__init__
    __repr__ = Node.__repr__
    method = Node.method


class Dying(Node):
    def __del__(self):
        note("del", self.name, [x.name for x in self.links])


class Returning(Node):
    """Comes back when it dies for the first time."""

    saved = []

    def __del__(self):
        note("returns", self.name)
        Returning.saved.append(self)


class Equal(Node):
    """Equal to its like of the same initial."""

    def __eq__(self, other):
        return isinstance(other, Equal) and self.name[0] == other.name[0]

    def __hash__(self):
        return hash(self.name[0])


class NodeList(list):
    name = "list"
    links = property(lambda self: self)
    __hash__ = object.__hash__

    def method(self):
        return "list"


class Keyed(weakref.ref):
    """A reference with a field of its own."""

    __slots__ = ("key",)

    def __new__(cls, target, callback, key):
        return super().__new__(cls, target, callback)

    def __init__(self, target, callback, key):
        super().__init__(target, callback)
        self.key = key


class Round:
    def __init__(self, draw):
        self.draw = draw
        self.living = {}
        self.references = {}
        self.values = weakref.WeakValueDictionary()
        self.keys = weakref.WeakKeyDictionary()
        self.set = weakref.WeakSet()
        self.finalizers = []
        self.iterators = []
        self.count = 0

    def any(self):
        return self.living[self.draw.pick(sorted(self.living))] if self.living else None

    def make(self):
        self.count += 1
        kind = self.draw.pick([Node, Node, Slotted, Dying, Dying, Returning, Equal, NodeList])
        name = self.draw.pick("abc") + str(self.count)
        self.living[name] = kind() if kind is NodeList else kind(name)
        return kind.__name__, name

    def link(self):
        a, b = self.any(), self.any()
        if a is None:
            return None
        a.links.append(b)
        if self.draw.chance(30):
            b.links.append(a)
        return repr(a.name), repr(b.name)

    def kill(self):
        names = sorted(self.living)
        doomed = self.draw.sample(names, min(len(names), self.draw.pick([1, 1, 2, 4])))
        for name in doomed:
            del self.living[name]
        return doomed

    def unlink(self):
        a = self.any()
        if a is not None:
            a.links.clear()
            return a.name

    def refer(self):
        target, key = self.any(), f"r{self.count}"
        self.count += 1
        kind = self.draw.below(6)
        callback = self.draw.pick(
            [
                None,
                lambda r: note("callback", key, r()),
                lambda r: self.references.pop(key, None) and note("dropped", key),
                lambda r: note("revives nothing", outcome(lambda: r().name)),
                lambda r: 1 / 0 if False else note("last", key),
            ]
        )
        if kind == 0:
            made = outcome(lambda: self.references.setdefault(key, Keyed(target, callback, key)).key)
        elif kind == 1:
            made = outcome(lambda: self.references.setdefault(key, weakref.proxy(target, callback)).method())
        elif kind == 2 and target is not None:
            made = outcome(
                lambda: self.references.setdefault(key, weakref.WeakMethod(target.method, callback))() == target.method
            )
        else:
            made = outcome(lambda: self.references.setdefault(key, weakref.ref(target, callback))() is target)
        return key, kind, made

    def look(self):
        if not self.references:
            return None
        key = self.draw.pick(sorted(self.references))
        r = self.references[key]
        other = self.references[self.draw.pick(sorted(self.references))]
        if isinstance(r, weakref.ProxyTypes):
            return (
                key,
                outcome(lambda: r.name),
                outcome(lambda: len(r)),
                outcome(lambda: bool(r)),
                outcome(lambda: r.links),
                outcome(lambda: hash(r)),
                outcome(lambda: str(r)[:12]),
            )
        return (
            key,
            outcome(r),
            type(r).__name__,
            outcome(lambda: r == other),
            outcome(lambda: r() is None or r.__callback__ is None),
            outcome(lambda: hash(r) == hash(r()) or r() is None),
        )

    def value_step(self):
        key, target = self.draw.pick("uvwxyz"), self.any()
        choice = self.draw.below(10)
        actions = [
            lambda: self.values.__setitem__(key, target),
            lambda: self.values.__setitem__(key, target),
            lambda: self.values[key],
            lambda: self.values.pop(key),
            lambda: self.values.pop(key, None),
            lambda: self.values.popitem()[0],
            lambda: self.values.setdefault(key, target),
            lambda: self.values.get(key),
            lambda: self.values.update({key: target}),
            lambda: self.values | {"k": target} and 1,
        ]
        return choice, key, outcome(actions[choice]), len(self.values), sorted(self.values)

    def key_step(self):
        target = self.any()
        choice = self.draw.below(9)
        value = self.draw.pick([1, target, self.count])
        actions = [
            lambda: self.keys.__setitem__(target, value),
            lambda: self.keys.__setitem__(target, value),
            lambda: self.keys[target],
            lambda: self.keys.pop(target),
            lambda: target in self.keys,
            lambda: self.keys.setdefault(target, value),
            lambda: self.keys.get(target),
            lambda: self.keys.__delitem__(target),
            lambda: self.keys.copy() == self.keys,
        ]
        return choice, outcome(actions[choice]), len(self.keys), sorted(outcome(lambda: k.name) for k in self.keys)

    def set_step(self):
        target = self.any()
        choice = self.draw.below(8)
        actions = [
            lambda: self.set.add(target),
            lambda: self.set.add(target),
            lambda: self.set.remove(target),
            lambda: self.set.discard(target),
            lambda: len(self.set) == 1 and self.set.pop().name,
            lambda: target in self.set,
            lambda: self.set.update([target, self.any()]),
            lambda: (self.set & {target}) <= self.set,
        ]
        return choice, outcome(actions[choice]), len(self.set), sorted(x.name for x in self.set)

    def finalize(self):
        target, key = self.any(), f"f{self.count}"
        self.count += 1
        made = outcome(lambda: self.finalizers.append(weakref.finalize(target, note, "finalized", key)))
        return key, made

    def finalizer_step(self):
        if not self.finalizers:
            return None
        f = self.draw.pick(self.finalizers)
        action = self.draw.pick([f, f.detach, f.peek, lambda: f.alive, lambda: f.atexit])
        return outcome(action)[:60].split("<function")[0], f.alive

    def iterate(self):
        """Containers while their members die."""
        seen = []
        container = self.draw.pick([self.set, self.keys, self.values.values()])
        try:
            for x in container:
                seen.append(x.name)
                if self.draw.chance(30):
                    seen.append(self.kill())
                    del x
                    gc.collect()
        except RuntimeError as e:
            seen.append(str(e))
        return len(seen), len(self.set), len(self.keys), len(self.values)

    def returned(self):
        names = sorted(x.name for x in Returning.saved)
        if self.draw.chance(50):
            for x in Returning.saved:
                self.living[x.name] = x
            x = None
        Returning.saved.clear()
        return names

    def counts(self):
        target = self.any()
        return outcome(
            lambda: (
                weakref.getweakrefcount(target),
                len(weakref.getweakrefs(target)),
                gc.is_finalized(target),
                gc.is_tracked(target),
            )
        )

    def run(self, steps):
        kinds = (
            [self.make] * 4
            + [self.link] * 3
            + [self.kill] * 3
            + [self.refer] * 3
            + [self.look] * 2
            + [self.value_step, self.key_step, self.set_step] * 2
            + [self.unlink, self.finalize, self.finalizer_step, self.iterate, self.returned, self.counts]
        )
        for _ in range(steps):
            kind = self.draw.pick(kinds)
            result = kind()
            gc.collect()
            say(kind.__name__, result, sorted(EVENTS))
            EVENTS.clear()
        self.living.clear()
        gc.collect()
        say(
            "end",
            sorted(EVENTS),
            sorted(self.values),
            len(self.keys),
            len(self.set),
            [f.alive for f in self.finalizers],
        )
        EVENTS.clear()


def play_round(draw):
    Returning.saved.clear()
    Round(draw).run(25)
    gc.collect()
    EVENTS.clear()


if __name__ == "__main__":
    run(play_round, ROUNDS, lambda u: note("unraisable", describe(u.exc_value)))
