import _plain
import _plain as again
from _plain import value, get as renamed
import sys
print(_plain is again, value is _plain.value, renamed() is value)
value.append(2)
print(_plain.value)
value = "rebound"
print(_plain.value)
print(_plain.__name__, _plain.__doc__, sys.modules["_plain"] is _plain, _plain.__file__.endswith("_plain.py"))
print(_plain.__spec__.name, _plain.__package__ == "", __name__, __file__.endswith("module_basics.py"), __spec__)


def f():
    import _plain as local
    from _plain import _hidden
    return local is _plain, _hidden


print(f())
try:
    from _plain import nope
except ImportError as e:
    print(str(e).split(" (/")[0], e.name)
try:
    _plain.nope
except AttributeError as e:
    print(e)
del sys.modules["_plain"]
import _plain as fresh
print(fresh is _plain, fresh.value)
