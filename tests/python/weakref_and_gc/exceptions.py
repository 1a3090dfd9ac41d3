"""Builtin exceptions take no weak references, classes derived from them do."""
import gc
import weakref


class Plain(Exception):
    pass


class System(OSError):
    pass


class Slotted(ValueError):
    __slots__ = ()


for error in [BaseException(), ValueError("x"), OSError(2, "no"), StopIteration(1), KeyError(), Slotted()]:
    try:
        print(type(error).__name__, weakref.ref(error)() is error)
    except TypeError as refused:
        print(refused)

for kind in [Plain, System, Slotted]:
    print(kind.__name__, "__weakref__" in kind.__dict__)

died = []
for kind in [Plain, System]:
    error = kind("x")
    print(error.__weakref__ is None)
    reference = weakref.ref(error, died.append)
    print(reference() is error, error.__weakref__ is reference)
    del error
    gc.collect()  # where nothing dies at once
    print(len(died), reference() is None)

group = ExceptionGroup("g", [ValueError()])
print(weakref.ref(group)() is group)
try:
    weakref.ref(BaseExceptionGroup("g", [KeyboardInterrupt()]))
except TypeError as refused:
    print(refused)
