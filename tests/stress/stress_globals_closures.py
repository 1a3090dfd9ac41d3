# SPDX-License-Identifier: MIT
"""Module globals and closure cells written by one thread and read by others; functions redefined while called."""
import builtins
import gc
import threading
import types
from _stress import main

shared = (0, 0)


def function():
    return (0, 0)


def globals_written(s):
    global shared

    def work(i, rng):
        global shared
        for n in range(4000):
            if i % 2 == 0:
                shared = (n, n)
            a, b = shared
            s.check(a == b, "torn global")
    s.together(work)


def globals_appear(s):
    def work(i, rng):
        g = globals()
        for n in range(300):
            name = "made_%d_%d" % (i, n % 10)
            g[name] = n
            s.check(eval(name) == n, "own global")
            if n % 3 == 0:
                del g[name]
    s.together(work)


def module_attributes_written(s):
    module = types.ModuleType("m")
    module.shared = (0, 0)

    def work(i, rng):
        for n in range(3000):
            if i % 2 == 0:
                module.shared = (n, n)
            else:
                setattr(module, "made_%d" % rng.randrange(20), n)
                if n % 50 == 0:
                    module.__dict__.pop("made_%d" % rng.randrange(20), None)
            a, b = module.shared
            s.check(a == b, "torn attribute")
            if i == 0:
                module.own = n
                s.check(module.own == n, "own attribute")
    s.together(work)


def function_redefined(s):
    global function

    def work(i, rng):
        global function
        for n in range(1500):
            if i == 0:
                if n % 2:
                    def function(n=n):
                        return (n, n)
                else:
                    function = lambda *, n=n: (n, n)
            else:
                a, b = function()
                s.check(a == b, "torn result")
    s.together(work)


def code_replaced(s):
    def f(a=1):
        return ("f", a)

    def g(a=1):
        return ("g", a)
    codes = f.__code__, g.__code__

    def work(i, rng):
        for n in range(1000):
            if i < 2:  # now and then by what nobody else has
                code = codes[n % 2]
                f.__code__ = code if n % 20 else code.replace()
                f.__defaults__ = (n,)
                if n % 250 == 0:
                    gc.collect()
            else:
                name, a = f()
                s.check(name in "fg" and type(a) is int, "result")
    s.together(work)


def builtins_shadowed(s):
    def work(i, rng):
        for n in range(400):
            if i == 0:
                builtins.shadow_test = n
                s.check(shadow_test == n, "own builtin")
                globals()["len"] = lambda x: -1
                del globals()["len"]
            else:
                s.check(len("abc") in (3, -1), "len")
    s.together(work)


def cells(s):
    def make():
        value = (0, 0)

        def put(n):
            nonlocal value
            value = (n, n)

        def get():
            return value
        return put, get
    put, get = make()

    def work(i, rng):
        for n in range(4000):
            if i % 2 == 0:
                put(n)
            a, b = get()
            s.check(a == b, "torn cell")
    s.together(work)


def counter_under_lock(s):
    lock, n = threading.Lock(), 0

    def work(i, rng):
        nonlocal n
        for _ in range(800):
            with lock:
                n += 1
    s.together(work)
    s.check(n == 800 * s.threads, "lost update under a lock", n)


main(globals_written, globals_appear, module_attributes_written, function_redefined, code_replaced, builtins_shadowed, cells,
     counter_under_lock)
