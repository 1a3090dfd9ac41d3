import abc, bisect, collections, collections.abc, contextlib, copy, functools, heapq, io, itertools, keyword, math, operator, os, os.path
import queue, random, reprlib, stat, sys, threading, time, types, warnings, weakref, gc, builtins, codecs, copyreg, atexit
for m in (abc, bisect, collections, contextlib, functools, heapq, os, queue, random, threading, types):
    print(m.__name__, m.__file__ == "/usr/lib/python3.11/" + m.__name__.replace(".", "/") + (".py" if m is not collections else "/__init__.py"))
for m in (sys, builtins, gc, time, itertools):
    print(m.__name__, hasattr(m, "__file__"))
print(keyword.iskeyword("lambda"), keyword.iskeyword("print"), os.path.join("a", "b"), reprlib.repr(list(range(100))))
