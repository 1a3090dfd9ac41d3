import gc, weakref
gc.collect()


class N:
    pass


def alive(make):
    refs = [weakref.ref(o) for o in make()]
    before = sum(r() is not None for r in refs)
    class Last: pass  # a collector that looks into machine registers finds these in place of make()'s
    N(), Last()
    gc.collect()
    return before, sum(r() is not None for r in refs)


def self_cycle():
    n = N(); n.me = n
    return [n]
def pair():
    a, b = N(), N(); a.o, b.o = b, a
    return [a, b]
def through_list():
    n = N(); n.l = [n]
    return [n]
def through_dict():
    n = N(); n.d = {"k": {"deep": (n,)}}
    return [n]
def through_closure():
    n = N()
    def f(): return n
    n.f = f
    return [n]
def through_method():
    n = N(); n.m = n.__init__
    return [n]
def through_generator():
    n = N()
    def g():
        yield n
        yield
    n.g = g(); next(n.g)
    return [n]
def through_exception():
    n = N()
    try:
        raise ValueError(n)
    except ValueError as e:
        n.e = e
    return [n]
def through_class():
    class C: pass
    c = C(); C.inst = c
    return [c, C]
def through_set_and_deque():
    import collections
    n = N(); n.s = {n}; n.q = collections.deque([n])
    return [n]
def through_partial():
    import functools
    n = N(); n.p = functools.partial(print, n); n.prop = map(n.p, [n])
    return [n]


gc.disable()
for f in (self_cycle, pair, through_list, through_dict, through_closure, through_method, through_generator, through_exception, through_class, through_set_and_deque, through_partial):
    print(f.__name__, alive(f)[1])
gc.enable()
print(gc.isenabled())
