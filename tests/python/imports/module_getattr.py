import _getattr_module as m
print(m.computed, dir(m))
from _getattr_module import computed
print(computed)
try:
    m.other
except AttributeError as e:
    print(e)
try:
    from _getattr_module import absent
except ImportError as e:
    print(str(e).split(" (/")[0])
