# breakpoint() and sys.breakpointhook with PYTHONBREAKPOINT.
import os
import sys
import warnings

sys.breakpointhook = lambda *args, **kwargs: print("mine", args, kwargs)
breakpoint(1, x=2)
sys.breakpointhook = sys.__breakpointhook__
for name in ("print", "builtins.print", "os.path.join", "0"):
    os.environ["PYTHONBREAKPOINT"] = name
    print(name, breakpoint("a", "b"))
for name in (".", "..", ".foobar", "foobar", "foobar.", "nosuchmodule.f", "os.nothing", "x.y.z", ".int"):
    os.environ["PYTHONBREAKPOINT"] = name
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        print(name, breakpoint(), [str(w.message) for w in caught])
del sys.breakpointhook
try:
    breakpoint()
except RuntimeError as error:
    print(error)
