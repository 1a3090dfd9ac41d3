from _star import *
print(shown, _also, "not_shown" in globals())
from _plain import *
print(get(), "_hidden" in globals())
try:
    from _star_bad import *
except AttributeError as e:
    print(e)
try:
    exec("def f():\n    from _star import *")
except SyntaxError as e:
    print(e.msg)
from math import *
print(floor(pi))
