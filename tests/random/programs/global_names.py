# SPDX-License-Identifier: MIT
"""Globals and builtins, changed in every way between reads by the same code.

A round executes the same module text in a new namespace (a dict, one with builtins of its own, a subclass of dict), then
sets and deletes names in the namespace and in builtins, empties it, and calls the functions that read them. Each line
shows the change or the call and what it gave or raised.
"""
import builtins

from _drawing import describe, run, say, show

ROUNDS = 60

MODULE = """
def read_one(): return g0
def read_two(): return g1, g2
def read_builtin(): return len([1])
def read_new_builtin(): return newb
def write(v):
    global g0
    g0 = v
def delete():
    global g1
    del g1
def call(): return g0()
def augment():
    global g2
    g2 += 1
    return g2
def loop():
    out = []
    for i in range(4):
        out.append(g0)
        if i == 1: change()
    return out
class Class:
    g1 = "class g1"
    def method(self): return g1
    try: x = g0
    except NameError as e: x = str(e)
def nested():
    def inner(): return g0, g3
    return inner()
def comprehension(): return [g0 for _ in range(2)]
"""
READERS = ["read_one", "read_two", "read_builtin", "read_new_builtin", "delete", "call", "augment", "loop", "nested"]
READERS.append("comprehension")
NAMES = ["g0", "g1", "g2", "g3", "len", "newb"]
GLOBALS = NAMES[:4]


class Missing(dict):
    """Globals whose class has __missing__, which functions do not ask."""

    def __missing__(self, key):
        if key == "g3":
            return "missing"
        raise KeyError(key)


def namespace(kind):
    if kind == 0:
        return {}
    if kind == 1:
        needed = {name: getattr(builtins, name) for name in ("range", "NameError", "str", "__build_class__")}
        return {"__builtins__": dict(needed, len=lambda x: "own len")}
    if kind == 2:
        module = type(builtins)("own_builtins")
        vars(module).update(vars(builtins))
        return {"__builtins__": module}
    return Missing()


class Names:
    """A namespace in which the module text was executed, and what is done to it."""

    def __init__(self, draw):
        self.draw = draw
        self.names = namespace(draw.below(4))
        self.names.update(__name__="m", change=self.change_meanwhile)

    def change_meanwhile(self):
        kind, name = self.draw.below(3), self.draw.pick(GLOBALS)
        if kind == 0:
            self.names[name] = self.draw.below(100)
        elif kind == 1:
            self.names.pop(name, None)
        else:
            self.names[f"x{self.draw.below(40)}"] = 1

    def set(self, name):
        self.names[name] = (lambda x: "global len") if name == "len" else self.draw.below(100)

    def delete(self, name):
        del self.names[name]

    def update(self, name):
        self.names.update({name: "updated"})

    def execute(self, name):
        if name != "len":
            exec(f"{name} = 'executed'", self.names)

    def set_builtin(self, name):
        setattr(builtins, name if name != "len" else "newb", 5)

    def delete_builtin(self, name):
        if name != "len":
            delattr(builtins, name)

    def hide_len(self, name):
        """Only for a moment: what else runs needs it."""
        saved = builtins.len
        builtins.len = lambda x: "changed len"
        try:
            return self.names["read_builtin"]()
        finally:
            builtins.len = saved

    def clear(self, name):
        keep = {key: value for key, value in self.names.items() if key not in NAMES}
        self.names.clear()
        self.names.update(keep)

    def write(self, name):
        self.names["write"](self.draw.below(9))
        return self.names["Class"]().method()

    def read(self, name):
        reader = self.draw.pick(READERS)
        return reader, [self.names[reader]() for _ in range(self.draw.between(1, 2))]

    STEPS = [set, set, delete, update, set_builtin, delete_builtin, execute, hide_len, write] + 9 * [read]


def play_round(draw):
    names = Names(draw)
    try:
        exec(MODULE, names.names)
    except Exception as error:
        say("the module", describe(error))
        return
    for _ in range(60):
        step, name = draw.pick(Names.STEPS), draw.pick(NAMES)
        if draw.chance(2):
            step = Names.clear
        try:
            result = show(step(names, name))
        except Exception as error:
            result = describe(error)
        say(step.__name__, name, result)
    for name in NAMES:
        if name != "len" and hasattr(builtins, name):
            delattr(builtins, name)


if __name__ == "__main__":
    run(play_round, ROUNDS)
