import _namespace.module
print(_namespace.module.where, _namespace.__name__, getattr(_namespace, "__file__", None), len(list(_namespace.__path__)))
from _namespace import module as m
print(m is _namespace.module)
