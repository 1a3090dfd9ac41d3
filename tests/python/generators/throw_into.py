# What throw() does: contexts, tracebacks, whose frames are on the stack, what a bad exception class becomes.
import gc
import sys
def f():
    try:
        raise KeyError('a')
    except Exception:
        yield
gen = f()
gen.send(None)
try: gen.throw(ValueError)
except ValueError as e: print(repr(e.__context__))
def g():
    try: raise KeyError('a')
    except Exception:
        yield from f()
gen = g()
gen.send(None)
try: gen.throw(ValueError)
except ValueError as e: print(repr(e.__context__), repr(e.__context__.__context__))
def names():
    f = sys._getframe(1); out=[]
    while f: out.append(f.f_code.co_name); f=f.f_back
    return out
def f():
    print(names())
    try: yield
    except Exception: pass
    print(names())
    yield 5
    return 3
def g():
    print((yield from f()))
    print(names())
gen = g()
gen.send(None)
print(gen.throw(RuntimeError))
try: gen.throw(RuntimeError)
except RuntimeError as e: print("out", e)
class E(Exception):
    def __new__(cls): return cls
def b(): 
    try: yield
    except TypeError as e: print("in", e); yield 3
x=b(); next(x); print(x.throw(E))
print(list((lambda: (yield 1))()))
h=(lambda: (yield 1))(); next(h)
try: h.send(4)
except StopIteration as e: print(e.value)
class It:
    def __iter__(s): return s
    def __next__(s): return 1
    def throw(s,*a): print(a); raise StopIteration(9)
def w():
    print('r', (yield from It()))
q=w(); next(q)
try: q.throw(ValueError, 3)
except StopIteration: print("stop")

def show(tb):
    while tb:
        print(tb.tb_frame.f_code.co_name, tb.tb_lineno, end='; ')
        tb = tb.tb_next
    print()
def f():
    try:
        yield
    except:
        raise
g = f()
try: 1/0
except ZeroDivisionError as v:
    try: g.throw(v)
    except Exception as w: show(w.__traceback__)
g = f()
next(g)
try: 1/0
except ZeroDivisionError as v:
    try: g.throw(v)
    except Exception as w: show(w.__traceback__)
def h():
    yield from f()
g = h()
next(g)
try: 1/0
except ZeroDivisionError as v:
    try: g.throw(v)
    except Exception as w: show(w.__traceback__)
def f():
    try:
        yield 1
    except GeneratorExit:
        yield 2
sys.unraisablehook = lambda u: (print(u.exc_type, u.exc_value), show(u.exc_traceback))
g = f(); next(g)
del g; gc.collect()
