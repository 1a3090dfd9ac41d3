# What code that was marshalled shows to who traces is what it showed before.
import marshal
import sys

source = '''
def f(n):
    try:
        for i in range(n):
            if i == 1:
                continue
            pass
        for i in range(2):
            pass
    finally:
        n = 0
    while True:
        try:
            break
        except KeyError:
            pass
'''


def lines(code):
    seen = []

    def tracer(frame, event, arg):
        if event == 'line':
            seen.append(frame.f_lineno)
        return tracer

    space = {}
    exec(code, space)
    sys.settrace(tracer)
    try:
        space['f'](3)
    finally:
        sys.settrace(None)
    return seen


code = compile(source, 'f', 'exec')
first = lines(code)
print(first)
again = marshal.loads(marshal.dumps(code))
print(lines(again) == first, again == code)
