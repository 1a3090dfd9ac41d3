# What the arguments of some functions of native modules may not be.
import os
import signal
import socket
import sys
import time
import warnings
from xml.parsers import expat
def show(f, *a, **k):
    try: print(repr(f(*a, **k)))
    except BaseException as e: print(type(e).__name__, e)
show(time.struct_time, "123456789", dict=None)
show(time.struct_time, "123456789", dict=5)
show(time.struct_time, "123456789", None)
show(os.stat_result, range(10), None)
show(time.struct_time, "123456789", dict={})
p=expat.ParserCreate()
for v in (sys.maxsize+1, sys.maxsize, -1, 0, 1.5, 'a', 1<<31, True):
    show(setattr, p, 'buffer_size', v)
for v in (1<<1000, -1<<1000, 1<<40, 0, 65, 'a', 1.5, signal.NSIG):
    show(signal.pthread_sigmask, signal.SIG_BLOCK, [v])
for v in (True, [], 5, 'x', {}, None, {'__spec__':5}, {'__loader__':5},{'__loader__':5,'__name__':'x'}):
    with warnings.catch_warnings(record=True):
        warnings.simplefilter('always')
        show(warnings.warn_explicit, UserWarning('t'), category=UserWarning, filename='f', lineno=3, module='m', module_globals=v)
with warnings.catch_warnings(record=True) as w:
    warnings.simplefilter('always')
    show(warnings.warn_explicit, 'a','b','c','d'); show(warnings.warn_explicit, 'm', UserWarning, 'f', 'x')
    show(warnings.warn_explicit, 'm', UserWarning, 5, 1)
for n in (0, 1, 2**31 - 17, 2**31 - 24, 2**31 - 1, 2**31, sys.maxsize, -1):
    show(socket.CMSG_LEN, n)
    show(socket.CMSG_SPACE, n)
