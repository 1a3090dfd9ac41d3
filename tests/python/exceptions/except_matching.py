class A(Exception): pass
class B(A): pass
class C(Exception): pass


def which(exc):
    try:
        raise exc
    except B:
        return "B"
    except (C, KeyError):
        return "C or KeyError"
    except A as e:
        return "A " + type(e).__name__
    except:
        return "bare"


print(which(B()), which(C), which(KeyError(1)), which(A("x")), which(ZeroDivisionError), which(SystemExit(3)))
try:
    try:
        raise A
    except 5:
        pass
except TypeError as e:
    print(e, repr(e.__context__))
try:
    try:
        raise A
    except (A, 5):
        print("matched before the bad one")
except TypeError as e:
    print(e)
try:
    try:
        raise A
    except ("x", A):
        pass
except TypeError as e:
    print(e)
try:
    raise A
except ():
    pass
except Exception as e:
    print("empty tuple matches nothing")
kinds = (LookupError, ArithmeticError)
for f in (lambda: [][1], lambda: {}[1], lambda: 1 / 0):
    try:
        f()
    except kinds as e:
        print(type(e).__name__)


def dynamic():
    print("evaluated when needed")
    return ValueError


try:
    pass
except dynamic():
    pass
try:
    raise ValueError
except dynamic():
    print("ok")
