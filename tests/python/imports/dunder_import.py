m = __import__("_pkg.inner.deep")
print(m.__name__)
m = __import__("_pkg.inner.deep", fromlist=["up"])
print(m.__name__)
m = __import__("_pkg", globals(), locals(), ["lazy"], 0)
print(m.lazy.loaded)
import importlib
print(importlib.import_module("_pkg.other").info())
print(importlib.import_module(".lazy", "_pkg").loaded)
for bad in (lambda: __import__("_pkg", level=-1), lambda: __import__("x", level=1), lambda: __import__(""), lambda: __import__(3)):
    try:
        bad()
    except (ValueError, ImportError, TypeError, KeyError) as e:
        print(type(e).__name__, e)
