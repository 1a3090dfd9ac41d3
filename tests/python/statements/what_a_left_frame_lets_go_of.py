# What a frame that an exception leaves lets go of at once, though the traceback keeps it: all that is in no variable.
# The inner of two loops goes first.
log = []


class Held:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        log.append(self.n)

    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def __enter__(self):
        return 1

    def __exit__(self, *a):
        return None

    def __add__(self, o):
        raise ValueError("add")

    def __aiter__(self):
        return self

    async def __anext__(self):
        return 1

    async def __aenter__(self):
        return 1

    async def __aexit__(self, *a):
        return None


def boom(*a):
    raise ValueError("boom")


def f_for():
    for x in Held("for"):
        boom()


def f_with():
    with Held("with"):
        boom()


def f_args():
    return (Held("arg"), boom())


def f_bin():
    return Held("bin") + 1


def f_call():
    return print(Held("callarg"), boom())


def f_yield():
    for x in Held("genfor"):
        yield x


def f_yf():
    yield from f_yield()


async def a_for():
    async for x in Held("afor"):
        boom()


async def a_with():
    async with Held("awith"):
        boom()


async def ag():
    async for x in Held("agfor"):
        yield x


def run(name, f):
    log.clear()
    saved = None
    try:
        f()
    except ValueError as e:
        saved = e
    print(name, log)
    saved = None
    print("   ", log)


for f in (f_for, f_with, f_args, f_bin, f_call):
    run(f.__name__, f)


def gen(f, how):
    def go():
        g = f()
        next(g)
        how(g)

    return go


def thr(g):
    g.throw(ValueError("t"))


run("genthrow", gen(f_yield, thr))
run("yfthrow", gen(f_yf, thr))


def co(f):
    def go():
        f().send(None)

    return go


run("afor", co(a_for))
run("awith", co(a_with))


def agt(f):
    def go():
        g = f()
        try:
            g.__anext__().send(None)
        except StopIteration:
            pass
        try:
            g.athrow(ValueError("t")).send(None)
        finally:
            log.append("left")

    return go


run("ag", agt(ag))


def close(g):
    g.close()
    log.append("closed")
    boom()


run("close", gen(f_yield, close))


def live(g):
    fr = g.gi_frame
    try:
        g.throw(ValueError("t"))
    finally:
        log.append(("frame", sorted(fr.f_locals)))


run("live", gen(f_yield, live))


def f_match():
    match Held("match"):
        case Held():
            boom()


def f_chain():
    return 1 < Greater("chain") < boom()


class Greater(Held):
    def __gt__(self, o):
        return True


def f_list():
    return [boom() for x in Held("comp")]


def f_dict():
    return {1: Held("value"), 2: boom()}


def f_fstr():
    return f"{Held('fstr')}{boom()}"


def f_sub():
    return Held("sub")[boom()]


def f_store():
    Held("store").x = boom()


def f_del():
    del Held("del")[boom()]


def f_unpack():
    a, b, *c = Unpacked("unpack")


class Unpacked(Held):
    def __iter__(self):
        yield 1
        boom()


def f_star():
    return print(Held("star"), **boom())


def f_with2():
    with Held("w1"), Held("w2") as x:
        boom()


def f_try():
    try:
        boom(Held("try"))
    finally:
        log.append("fin")


def f_nested():
    for x in Held("outer"):
        for y in Held("inner"):
            with Held("w"):
                boom()


def f_aug():
    x = [Held("item")]
    x[0] += 1


def f_raise():
    raise ValueError(Held("in exc"))


def f_yieldfrom():
    def g():
        yield from Held("yf")

    for x in g():
        boom()


def f_walrus():
    print((y := Held("walrus")), boom())


def f_class():
    class X(Held("base"), metaclass=boom()):
        pass


def f_dec():
    @boom
    def f(a=Held("default")):
        pass


async def a_comp():
    return [x async for x in Held("acomp") if boom()]


async def a_gen():
    async for x in (y async for y in Held("agen")):
        boom()


for f in (
    f_match,
    f_chain,
    f_list,
    f_dict,
    f_fstr,
    f_sub,
    f_store,
    f_del,
    f_unpack,
    f_star,
    f_with2,
    f_try,
    f_nested,
    f_aug,
    f_raise,
    f_yieldfrom,
    f_walrus,
    f_class,
    f_dec,
):
    run(f.__name__, f)
for f in (a_comp, a_gen):
    run(f.__name__, co(f))
