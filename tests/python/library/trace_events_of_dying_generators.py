# What a trace function gets of generators that nobody has any more.
import sys

PROGRAMS = [
    '''
def g():
    yield 1
    yield 2
for z in g():
    break
g()
h = g()
next(h)
del h
any(k for k in (0, 1, 2))
@staticmethod
def f(
    name):
    try:
        yield name
    finally:
        pass
x = f("a")
next(x)
del x
''',
]


def tracer(frame, event, argument):
    if frame.f_code.co_filename != "<traced>":
        return None
    what = argument[0].__name__ if event == "exception" else type(argument).__name__
    print(event, frame.f_code.co_name, frame.f_lineno, what)
    return tracer


class Empty:
    pass


for program in PROGRAMS:
    print("----")
    code = compile(program, "<traced>", "exec")
    names = {"o": Empty(), "d": {}}
    sys.settrace(tracer)
    exec(code, names)
    sys.settrace(None)
