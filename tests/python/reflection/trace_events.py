# sys.settrace: which events come, and in which order.
import sys
ev=[]
def show(name):
    print('==',name)
    for e in ev: print('  ',e)
    ev.clear()
def tracer(frame, event, arg):
    if event=='exception': arg=(arg[0].__name__, str(arg[1]), arg[2].tb_lineno-frame.f_code.co_firstlineno)
    elif event=='return': arg=repr(arg)[:20] if not hasattr(arg,'gi_frame') else 'gen'
    ev.append((frame.f_code.co_name, event, frame.f_lineno-frame.f_code.co_firstlineno, arg))
    return tracer
def run(f,*a):
    sys.settrace(tracer)
    try: f(*a)
    except Exception as e: ev.append(repr(e))
    finally: sys.settrace(None)
    show(f.__name__)
def simple(a=1):
    x = a
    if x:
        y = 2
    else:
        y = 3
    return x + y
def loops():
    for i in range(2):
        x = i
    else:
        y = 1
    while x:
        x -= 1
        if x == 5:
            continue
    for i in ():
        pass
def inner(): return 3
def calls():
    a = inner()
    b = [i for i in range(2)]
    c = lambda: 1
    c()
    class A:
        z = 1
        def m(self):
            return 2
    A().m()
def exc():
    try:
        1/0
    except ZeroDivisionError as e:
        x = 1
    finally:
        y = 2
    try:
        try:
            raise ValueError('a')
        finally:
            z = 1
    except ValueError:
        pass
def exc2():
    x = 1
    raise KeyError(3)
def exc3():
    try:
        exc2()
    except KeyError:
        return 5
def gen():
    yield 1
    x = yield 2
    return 3
def usegen():
    for i in gen():
        z = i
    g = gen()
    next(g)
    g.close()
    list(gen())
def yf():
    r = yield from gen()
    return r
def useyf():
    for x in yf():
        q = x
def withs():
    class C:
        def __enter__(self):
            return 1
        def __exit__(self, *a):
            return True
    with C() as c:
        x = 1
    with C():
        raise ValueError
    return 2
def passes(a):
    if a:
        pass
    else:
        pass
    for i in [1]:
        pass
    while a:
        pass
        break
    def f():
        pass
    f()
def cell():
    x = 1
    def f():
        return x
    return f()
def multi():
    x = (1 +
         inner() +
         2)
    inner(
    )
    return [
        x,
        inner()]
def boolop(a):
    if (a and
        inner()):
        x = 1
    assert a
    assert (a
            or inner())
    return a if inner() else 3
async def co():
    x = 1
    return x
def useco():
    try: co().send(None)
    except StopIteration: pass
def matching(x):
    match x:
        case 1:
            y = 1
        case [a, b]:
            y = 2
        case _:
            y = 3
    return y
def tryret():
    try:
        return 1
    finally:
        x = 2
def cont():
    for i in range(3):
        if i == 0:
            continue
        if i == 2:
            break
        x = 1
    return i
def deff():
    def a(x=1, *, y=2):
        return x
    @staticmethod
    def b():
        pass
    return a()
for f, *a in ((simple,), (simple, 0), (loops,), (calls,), (exc2,), (withs,), (cell,), (useco,), (matching, 1), (matching, (1, 2)), (matching, 3), (deff,)):
    run(f, *a)
