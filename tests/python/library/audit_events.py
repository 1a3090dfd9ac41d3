# What audit hooks hear of files, imports, classes, the collector and marshal, and that a hook may refuse.
import gc
import marshal
import os
import sys
import tempfile

seen = []
refused = None


def hook(event, args):
    if event == refused:
        raise RuntimeError("refused " + event)
    seen.append((event, args))


sys.addaudithook(hook)
folder = tempfile.mkdtemp()
path = os.path.join(folder, "file")


def report(*events):
    for event, args in seen:
        if event in events and path in args:
            print(event, [a if isinstance(a, (int, str, bytes, tuple)) else type(a).__name__ for a in args
                          if a != path and not (isinstance(a, int) and a > 4)])
    seen.clear()


with open(path, "w") as stream:
    stream.write("x")
with open(path, "rb"):
    pass
os.close(os.open(path, os.O_RDONLY))
report("open")

refused = "open"
for arguments in ((path,), (path, "wb"), (0, "r")):
    try:
        open(*arguments)
    except RuntimeError as error:
        print(error)
refused = None
seen.clear()

import colorsys
print([args[0] for event, args in seen if event == "import" and args[0] == "colorsys"])
refused = "import"
try:
    import this
except RuntimeError as error:
    print(error, "this" in sys.modules)
refused = None
seen.clear()


class A:
    pass


class B:
    pass


class C(A):
    pass


C.__name__ = "X"
C.__bases__ = (B,)
C.attribute = 1
a = A()
a.__class__ = B
print([(event, args[1]) for event, args in seen if event == "object.__setattr__"])
seen.clear()

gc.get_objects()
gc.get_referrers(a)
gc.get_referents(a)
marshal.loads(marshal.dumps((1, "a")))
print([event for event, args in seen])
# Where objects do not die at once, the list of all objects made above may still be among them.
late = getattr(sys.implementation, "finalisation", "prompt") != "prompt"
print(not late and any(hook in o for o in gc.get_objects() if type(o) is list))


# Hooks are not traced unless they want to be.
class Hook:
    calls = 0

    def __call__(self, event, args):
        Hook.calls += 1


watched = Hook()
traced = []


def trace(frame, event, argument):
    if frame.f_code is Hook.__call__.__code__:
        traced.append(event)


sys.addaudithook(watched)
sys.settrace(trace)
eval("1")
Hook.__cantrace__ = True
eval("2")
sys.settrace(None)
print(Hook.calls > 0, traced)
