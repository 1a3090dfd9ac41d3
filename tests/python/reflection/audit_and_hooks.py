# sys.addaudithook, sys.audit, sys.breakpointhook.
import os
import sys

seen = []
active = True


def hook(event, args):
    if active and (event.startswith('test.') or event in ('compile', 'exec', 'sys.settrace', 'builtins.breakpoint')):
        seen.append((event, len(args), args[0] if event.startswith('test.') and args else None))
    if active and event == 'test.refuse':
        raise ValueError('refused')


sys.audit('test.early', 1)
sys.addaudithook(hook)
sys.audit('test.one')
sys.audit('test.two', 1, 'b')
try:
    sys.audit('test.refuse', 5)
except ValueError as e:
    print('refused:', e)
compile('1', 'x', 'eval')
eval('1')
sys.settrace(None)
print(seen)
active = False
try:
    sys.audit(1)
except TypeError as e:
    print(e)

os.environ['PYTHONBREAKPOINT'] = '0'
print(breakpoint())
os.environ['PYTHONBREAKPOINT'] = 'print'
breakpoint(1, 2, sep='-')
os.environ['PYTHONBREAKPOINT'] = 'os.path.join'
print(breakpoint('a', 'b'))
sys.breakpointhook = lambda *a, **k: ('mine', a, k)
print(breakpoint(1, x=2))
del sys.breakpointhook
try:
    breakpoint()
except RuntimeError as e:
    print(e)
