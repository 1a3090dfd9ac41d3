# The events that a trace function gets from loops, from comprehensions, and from generators that end or are closed.
import sys

PROGRAMS = [
    '''
for i in (1, 2):
    pass
for j in range(2): x = j
for (a,
     b) in [(1, 2), (3, 4)]:
    x = 1
x = [i for i in range(2)]
while x:
    x = 0
for i in (1, 2, 3):
    if i == 2: continue
    if i == 3: break
for o.attribute in (1, 2): pass
for d["key"] in (1, 2):
    pass
''',
    '''
def g():
    yield 1
    yield 2
y = sum(k for k in range(2))
g().close()
h = g()
next(h)
h.close()
y = (k for k in (1, 2, 3) if k != 2)
list(y)
''',
    '''
def loop(a):
    while a: a -= 1
    for b in range(2): a = b
    for b in range(3):
        if b == 1: continue
        a = b
    i = 0
    while True:
        i += 1
        if i > 2: break
    while i < 5: i += 1
    for (a,
         b) in ((1, 2), (3, 4)): a = b
    for a in (): pass
    else: a = 1
    for a in (1, 2): pass
    for a in (n for n in (1, 2)): pass
    for a in (n for n in (1, 2)): b = a
    return {k: v for k, v in zip("ab", "cd") if k}
loop(2)
''',
    '''
import types
@types.coroutine
def pause(value):
    return (yield value)
p = pause(1)
p.send(None)
try: p.send(2)
except StopIteration: pass
@staticmethod
def g(
    name):
    try:
        yield name
    finally:
        pass
x = g("a")
next(x)
x.close()
async def f():
    return 1
try: f().send(None)
except StopIteration: pass
def h():
    a = 1
    def k(): return a
    yield k()
list(h())
''',
    '''
class Once:
    left = 1
    def __iter__(self): return self
    def __next__(self):
        if not self.left: raise StopIteration
        self.left -= 1
for i in Once(): pass
[i for i in Once()]
def g():
    for i in Once(): yield i
for i in g(): pass
def h(): yield from Once()
for i in h(): pass
a, = Once()
b = list(Once())
''',
    '''
w = [a
     for a in (1, 2)
     for b in (3, 4)]
y = {m: m
     for m in (1, 2)}
z = {m for
     m in (1, 2) if
     m}
list(m
     for m in (1, 2)
     if m)
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
