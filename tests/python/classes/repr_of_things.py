class C:
    class Inner:
        def m(self): pass

    def m(self): pass


import sys


def strip(o):
    import builtins
    r = repr(o)
    return r[:r.index(" at 0x")] if " at 0x" in r else r


def f(): pass
def g(): yield


for o in (C, C.Inner, C(), C.Inner(), C.m, C.Inner.m, f, lambda: 1, g(), len, [].append, int, type, object(), sys, None, ..., NotImplemented,
          (x for x in []), range(3), slice(1), property(), staticmethod(f), classmethod(f), int.__add__, (1).__add__, str.join, "".join,
          dict.fromkeys, iter([]), iter(()), iter({}), iter(""), iter(range(1)), enumerate([]), zip(), map(f, []), filter(f, []), reversed([]),
          {}.keys(), {}.items(), {}.values(), C.__dict__.get("m"), type(f), Exception, ValueError("x"), super(C, C()), memoryview(b"")):
    print(strip(o))
