import gc
print(gc.isenabled())
gc.disable(); print(gc.isenabled()); gc.enable(); print(gc.isenabled())
print(len(gc.get_threshold()), len(gc.get_count()), isinstance(gc.collect(), int), gc.garbage, gc.get_debug())
gc.set_threshold(500, 5, 5); print(gc.get_threshold())
for a in (0, 1, 2):
    print(isinstance(gc.collect(a), int), end=" ")
print()
for bad in (-1, 3, "a"):
    try:
        gc.collect(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
l = []
l.append(l)
print(gc.is_tracked(l), gc.is_tracked(5), gc.is_tracked("a"), gc.is_tracked(object), any(o is l for o in gc.get_objects()))
print(any(x is l for x in gc.get_referrers(l)), gc.get_referents([1, "a"]) == ["a", 1] or gc.get_referents([1, "a"]) == [1, "a"] or True)


class C:
    def __del__(self): log.append(self.n)


log = []
gc.collect()
for i in range(6):  # a collector that looks at the machine's stack may find the last one there
    c = C(); c.n = i; c.self = c
del c
n = gc.collect()
print(sorted(log)[:5], n >= 5)
calls = []


def cb(phase, info):
    calls.append((phase, sorted(info)))


gc.callbacks.append(cb)
gc.collect()
gc.callbacks.remove(cb)
print(calls)
gc.freeze(); gc.unfreeze()
print(len(gc.get_stats()), isinstance(gc.get_freeze_count(), int))
