# Tracebacks made by hand, what dir() of one says, what an unraisable exception without one gets.
import sys
import types

try:
    1 / 0
except ZeroDivisionError as error:
    made = error.__traceback__
print(dir(made))
frame = sys._getframe()
t = types.TracebackType(made, frame, 1, 2)
print(t.tb_next is made, t.tb_frame is frame, t.tb_lasti, t.tb_lineno)
print(types.TracebackType(None, frame, 3, 4).tb_next)
for bad in (("no", frame, 1, 2), (made, "no", 1, 2), (made, frame, "no", 2), (made, frame, 1, "no")):
    try:
        types.TracebackType(*bad)
    except TypeError:
        print("TypeError")
for text in ("try: pass\nexcept* ValueError:\n    break", "for i in []:\n try: pass\n except* ValueError:\n  continue"):
    try:
        compile(text, "test", "exec")
    except SyntaxError as error:
        print(error)
