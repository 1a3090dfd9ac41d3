# Copies, lists and unions of sets of objects, small and large, keep exactly what they hold.
import gc
import weakref


class Key:
    pass


def alive(references):
    gc.collect()
    return sum(r() is not None for r in references)


for count in (0, 1, 3, 4, 5, 19, 30, 100, 200, 300, 1300):
    keys = [Key() for _ in range(count)]
    references = [weakref.ref(k) for k in keys]
    s = {*keys, *range(count), None, 1.5, 10**30}
    del keys
    made = [s.copy(), frozenset(s), list(s), s | set(), s - {None}, s & s, set(s), [0], {1}, set()]
    made[7].extend(s)
    made[8] |= s
    made[9].update(s)
    print(count, [len(m) for m in made], made[2] == [x for x in s] == made[7][1:] == [*s], made[0] == made[1] == set(made[2]))
    s.clear()
    made[0].discard(None)
    for i in range(len(made)):
        print(alive(references), end=' ')
        made[i] = None
    print(alive(references))

# Keys of one set in many, whose last reference goes with the last of them.
keys = {Key() for _ in range(50)}
references = [weakref.ref(k) for k in keys]
sets = [keys.copy() for _ in range(20)]
del keys
while sets:
    if len(sets) in (1, 10, 20):
        print(len(sets), alive(references))
    sets.pop()
print(alive(references))

# What a finaliser finds while a large set dies.
log = []


class Finalised:
    def __init__(self, s):
        self.s = s

    def __del__(self):
        log.append(len(self.s))


other = {1, 2, 3}
s = {Finalised(other) for _ in range(40)}
s.clear()
gc.collect()
s |= {Finalised(other) for _ in range(300)}
del s
[].append(1)  # no stale word of the last call may keep the set, where a collector looks at the C stack
gc.collect()
print(len(log), set(log))

# Lists of sets of ints have the table's order, after removals too.
s = {n * 37 % 1009 for n in range(700)}
for n in range(0, 1009, 3):
    s.discard(n)
print(list(s), tuple(s) == tuple(list(s)), sorted(s) == sorted(list(s)))
l = [1]
l += s
l[1:1] = s
print(len(l), l[1:1 + len(s)] == l[1 + len(s):] == list(s))


class Odd(set):
    def __iter__(self):
        return iter((7, 8))


class Plain(set):
    pass


print(list(Odd({1, 2})), [*Odd({1})], list(Plain({3, 4})), list(frozenset("x")))
for change in (lambda s: s.add(99), lambda s: s.clear(), lambda s: s.discard(5)):
    s = {5, 6, 7}
    try:
        for x in s:
            change(s)
    except RuntimeError as error:
        print(error)
