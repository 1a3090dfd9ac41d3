# SPDX-License-Identifier: MIT
"""All threads import the same and different modules at once: everyone sees a module only when it is complete."""
import sys
from _stress import main

STANDARD = ("bisect", "heapq", "keyword", "reprlib", "copy", "queue", "contextlib", "stat", "copyreg")


def package(s):
    for _ in range(4):
        for name in [n for n in sys.modules if n.startswith("_imported")]:
            del sys.modules[name]

        def work(i, rng):
            if i % 3 == 0:
                import _imported.second as m
                s.check(m.doubled == 380 and m.complete, "second")
            elif i % 3 == 1:
                import _imported
                s.check(_imported.complete and len(_imported.parts) == 20, "package")
            else:
                from _imported.first import total, complete
                s.check(total == 190 and complete, "first")
        s.together(work)


def standard_modules(s):
    saved = {n: sys.modules.pop(n) for n in STANDARD if n in sys.modules}

    def work(i, rng):
        names = list(STANDARD)
        rng.shuffle(names)
        for name in names:
            m = __import__(name)
            s.check(m.__name__ == name and m is sys.modules[name], "module", name)
    s.together(work)
    sys.modules.update(saved)


def missing_modules(s):
    def work(i, rng):
        for n in range(20):
            try:
                __import__("no_such_module_%d" % (n % 5))
            except ModuleNotFoundError as error:
                s.check(error.name == "no_such_module_%d" % (n % 5), "name", error.name)
            else:
                s.check(False, "imported what does not exist")
    s.together(work)


def already_imported(s):
    def work(i, rng):
        for n in range(500):
            import _stress
            from _stress import main as m
            s.check(_stress.main is m, "module")
    s.together(work)


main(package, standard_modules, missing_modules, already_imported)
