def f():
    x = 1
    g()


def g():
    local = "value"
    raise ValueError("v")


try:
    f()
except ValueError as e:
    tb = e.__traceback__
    while tb:
        fr = tb.tb_frame
        print(fr.f_code.co_name, tb.tb_lineno, fr.f_lineno, sorted(k for k in fr.f_locals if len(k) < 6 and k[0] != "_"),
              fr.f_globals is globals(), fr.f_back.f_code.co_name if fr.f_back else None)
        tb = tb.tb_next
import sys


def caller():
    return callee()


def callee():
    fr = sys._getframe()
    up = sys._getframe(1)
    return fr.f_code.co_name, up.f_code.co_name, fr.f_lineno, up.f_lineno, fr.f_back is up, sys._getframe(2).f_code.co_name


print(caller())
try:
    sys._getframe(1000)
except ValueError as e:
    print(e)
