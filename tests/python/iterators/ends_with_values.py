# Iterators whose end has a value, a generator's `return` or a StopIteration with one, in everything that runs through
# them: nobody but next() and those that hand on what they are given sees the value. Also with trace functions.
import sys, collections, itertools, array, heapq, statistics, math
def numbers(n):
    for i in range(n): yield i
    return "result"
class It:
    def __init__(s,n): s.n=n
    def __iter__(s): return s
    def __next__(s):
        s.n-=1
        if s.n<0: raise StopIteration("value")
        return s.n
def tests(make):
    return [
    lambda: list(make(3)), lambda: tuple(make(3)), lambda: sum(make(3)), lambda: sorted(make(3)), lambda: set(make(3)), lambda: frozenset(make(3)),
    lambda: dict(zip(make(3), make(3))), lambda: list(map(str, make(3))), lambda: list(filter(None, make(3))), lambda: list(enumerate(make(3))),
    lambda: max(make(3)), lambda: min(make(3)), lambda: any(make(0)), lambda: all(make(3)), lambda: 7 in make(3), lambda: [*make(3)], lambda: {*make(3)}, lambda: (*make(3),),
    lambda: max(*make(3)), lambda: bytes(make(3)), lambda: bytearray(make(3)), lambda: "".join(map(str, make(3))), lambda: collections.deque(make(3)),
    lambda: collections.Counter(make(3)), lambda: dict.fromkeys(make(3)), lambda: list(itertools.chain(make(2), make(2))), lambda: list(itertools.chain.from_iterable(make(0) for _ in range(2))),
    lambda: list(itertools.islice(make(3), 9)), lambda: list(itertools.accumulate(make(3))), lambda: list(itertools.product(make(2))), lambda: list(itertools.zip_longest(make(2), make(3))),
    lambda: list(itertools.groupby(make(3))), lambda: list(itertools.takewhile(lambda x: True, make(3))), lambda: list(itertools.dropwhile(lambda x: True, make(3))), lambda: list(itertools.pairwise(make(3))),
    lambda: list(itertools.compress(make(3), make(3))), lambda: list(itertools.starmap(pow, ((x, 2) for x in make(3)))), lambda: list(itertools.tee(make(3))[0]), lambda: list(itertools.cycle(make(0))),
    lambda: list(itertools.combinations(make(3), 2)), lambda: list(itertools.filterfalse(None, make(3))), lambda: array.array("i", make(3)), lambda: list(heapq.merge(make(0), make(0))), lambda: heapq.nlargest(2, make(3)),
    lambda: math.prod(make(3)), lambda: math.fsum(make(3)), lambda: (lambda l: l.extend(make(3)) or l)([]), lambda: (lambda l: l.__setitem__(slice(0, 1), make(3)) or l)([5]), lambda: (lambda s: s.update(make(3)) or s)(set()),
    lambda: {1} & set(make(3)), lambda: {1}.intersection(make(3)), lambda: {1}.union(make(3)), lambda: {1}.difference(make(3)), lambda: {1}.issuperset(make(3)), lambda: {1}.isdisjoint(make(3)), lambda: {1}.symmetric_difference(make(3)),
    lambda: next(make(0), "d"), lambda: list(iter(make(3).__next__, 2)), lambda: str.join(",", (str(x) for x in make(2))), lambda: (lambda a, b, c: (a, b, c))(*make(3)), lambda: print(*make(3)), lambda: list(reversed(list(make(3)))),
    lambda: (lambda d: d.extend(make(3)) or d)(collections.deque()), lambda: (lambda d: d.extendleft(make(3)) or d)(collections.deque()), lambda: (lambda d: d.__iadd__(make(3)))(collections.deque()),
    lambda: (lambda b: b.extend(make(3)) or b)(bytearray()), lambda: collections.OrderedDict.fromkeys(make(3)), lambda: (lambda it: [list(it), list(it)])(make(3)), lambda: sum(make(3), 0.5), lambda: sorted(make(3), key=str), lambda: __import__("functools").reduce(lambda a, b: a + b, make(3)),
    lambda: __import__("operator").countOf(make(3), 1), lambda: __import__("operator").indexOf(make(3), 2), lambda: 1 in make(3), lambda: __import__("operator").contains(make(3), 9), lambda: [x for x in make(3)], lambda: (lambda a, *b: (a, b))(*make(3)),
    lambda: statistics.mean(make(3)), lambda: exec("a, b, c = m(3); print(a, b, c)", {"m": make}), lambda: exec("a, *b = m(3); print(a, b)", {"m": make}), lambda: exec("a, b = m(3)", {"m": make}), lambda: exec("l = []; l += m(3); print(l)", {"m": make}), lambda: exec("a, b, c, d = m(3)", {"m": make}),
    lambda: __import__("json").dumps(list(make(2))), lambda: (lambda w: w.writelines(str(x) for x in make(2)) or w.getvalue())(__import__("io").StringIO()), lambda: __import__("csv").writer(__import__("io").StringIO()).writerow(make(2)), lambda: __import__("itertools").zip_longest(make(0)).__next__(),
    lambda: list(zip(make(2), make(3))), lambda: list(zip(make(3), make(2), strict=True)), lambda: {**dict(zip(make(2), make(2)))}, lambda: list(map(lambda a, b: (a, b), make(2), make(3))), lambda: bytes.join(b",", (b"x" for x in make(2))), lambda: __import__("struct").pack("3i", *make(3)),
    lambda: __import__("bisect").bisect(list(make(3)), 1), lambda: frozenset({1}) | frozenset(make(2)), lambda: {1}.issubset(make(3)), lambda: (lambda s: s.difference_update(make(3)) or s)({1, 9}), lambda: (lambda s: s.intersection_update(make(3)) or s)({1, 9}), lambda: (lambda s: s.symmetric_difference_update(make(3)) or s)({1, 9}),
    lambda: dict((x, x) for x in make(3)), lambda: dict([make(2)]), lambda: (lambda d: d.update((x, x) for x in make(2)) or d)({}), lambda: (lambda d: d.update([make(2)]) or d)({}), lambda: type("X", (), {})(*make(0)), lambda: complex(*make(2)), lambda: slice(*make(3)), lambda: "%s %s" % tuple(make(2)), lambda: "{} {}".format(*make(2)),
    ]
def handed_on(make):
    """What a step past the end of iterators over iterators gives."""
    return [
        lambda: next(make(0)), lambda: make(0).__next__(), lambda: next(make(0), "d"), lambda: next(map(str, make(0))), lambda: next(map(pow, make(1), make(0))), lambda: next(filter(None, make(0))),
        lambda: next(zip(make(0))), lambda: next(zip(make(1), make(0))), lambda: next(zip(make(0), make(0), strict=True)), lambda: next(enumerate(make(0))), lambda: next(itertools.islice(make(0), 3)),
        lambda: next(itertools.chain(make(0), make(0))), lambda: next(itertools.accumulate(make(0))), lambda: next(itertools.compress(make(0), make(2))), lambda: next(itertools.compress(make(2), make(0))),
        lambda: next(itertools.starmap(pow, make(0))), lambda: next(itertools.takewhile(bool, make(0))), lambda: next(itertools.dropwhile(bool, make(0))), lambda: next(itertools.filterfalse(None, make(0))),
        lambda: next(itertools.zip_longest(make(0))), lambda: next(itertools.pairwise(make(1))), lambda: next(itertools.groupby(make(0))), lambda: next(itertools.tee(make(0))[0]), lambda: next(itertools.cycle(make(0))),
        lambda: next(itertools.chain.from_iterable(make(0))), lambda: next(iter(make(0).__next__, None)),
    ]


def show(f):
    try: r=f()
    except BaseException as e: r=(type(e).__name__, str(e))
    return repr(r)
def tracer(f,e,a): return tracer
for make in (numbers, It):
    ts=tests(make) + handed_on(make)
    for i,f in enumerate(ts):
        a=show(f)
        sys.settrace(tracer)
        b=show(f)
        sys.settrace(None)
        sys.setprofile(lambda *a: None)
        c=show(f)
        sys.setprofile(None)
        print(make.__name__, i, a if " at 0x" not in a else "object", "" if " at 0x" in a or (a==b==c) else ("DIFFERS", b, c))
