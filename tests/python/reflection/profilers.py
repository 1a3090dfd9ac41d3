# cProfile and profile: who calls whom how often.
import cProfile
import io
import profile
import pstats


def leaf(n):
    return len('x' * n)


def tree(n):
    if n == 0:
        return leaf(3)
    return tree(n - 1) + sorted([leaf(n), 1], key=abs)[0]


for module in (cProfile, profile):
    p = module.Profile()
    p.runcall(tree, 3)
    stats = pstats.Stats(p, stream=io.StringIO())
    for (file, line, name), (primitive, calls, own, total, callers) in sorted(stats.stats.items()):
        if file.endswith('profilers.py') or name.startswith('<built-in method builtins'):
            print(name, line if line else '', primitive, calls, own <= total,
                  sorted((k[2], v[:2] if isinstance(v, tuple) else v) for k, v in callers.items()
                         if k[0].endswith('profilers.py')))


class Counter:
    def __init__(self):
        self.n = 0

    def __call__(self):
        self.n += 1
        return self.n


import _lsprof
p = _lsprof.Profiler(Counter(), 0.5)
p.enable()
tree(1)
p.disable()
for entry in sorted(p.getstats(), key=lambda e: str(e.code)[:12] if isinstance(e.code, str) else e.code.co_name):
    print(entry.code if isinstance(entry.code, str) else entry.code.co_name, entry.callcount, entry.reccallcount,
          entry.totaltime, entry.inlinetime, entry.calls and len(entry.calls))
p.clear()
print(p.getstats())
