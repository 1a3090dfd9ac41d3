import _pkg
print(_pkg.level, _pkg.sub.name, _pkg.sub_name, hasattr(_pkg, "other"))
import _pkg.other
print(_pkg.other.info())
from _pkg import lazy
print(lazy.loaded, _pkg.lazy is lazy)
import _pkg.inner.deep as d
print(d.up(), d.__package__, d.__name__)
import sys
print(sorted(m for m in sys.modules if m.startswith("_pkg")))
print(len(list(_pkg.__path__)), _pkg.__package__, _pkg.__file__.endswith("__init__.py"))
from _pkg.inner import deep
print(deep is d)
try:
    import _pkg.missing
except ModuleNotFoundError as e:
    print(e, e.name)
try:
    from _pkg import missing
except ImportError as e:
    print(type(e).__name__, str(e).split(" (/")[0])
try:
    import _plain.x
except ModuleNotFoundError as e:
    print(e)
try:
    import _pkg.too_far
except ImportError as e:
    print(type(e).__name__, e)
