def attempt(f):
    try:
        f()
    except BaseException as e:
        print(type(e).__name__, e.args, repr(e.__cause__), repr(e.__context__), e.__suppress_context__)


def a(): raise ValueError
def b(): raise ValueError("x", 1)
def c(): raise ValueError from KeyError("cause")
def d(): raise ValueError from KeyError
def e(): raise ValueError from None
def f(): raise
def g(): raise 5
def h(): raise "text"
def i(): raise ValueError from 5
def j(): raise object
def k():
    try:
        raise KeyError("ctx")
    except KeyError:
        raise ValueError("v") from None
def l():
    try:
        raise KeyError("again")
    except KeyError:
        raise
def m():
    try:
        raise KeyError("1")
    except KeyError as x:
        raise x from x
def n():
    class Odd(Exception):
        def __new__(cls): return 5
    raise Odd
def o():
    class Init(Exception):
        def __init__(self): raise TypeError("in init")
    raise Init
def p(): raise NotImplemented
def q():
    raise None


for fn in (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q):
    attempt(fn)
