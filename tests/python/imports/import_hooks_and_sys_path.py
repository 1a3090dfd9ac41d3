import sys, os
os.mkdir("extra")
with open("extra/found_later.py", "w") as f:
    f.write("v = 5\n")
try:
    import found_later
except ModuleNotFoundError as e:
    print(e)
sys.path.append(os.path.abspath("extra"))
import found_later
print(found_later.v)
import builtins
real = builtins.__import__
names = []


def spy(name, *a, **k):
    names.append(name)
    return real(name, *a, **k)


builtins.__import__ = spy
import found_later
from math import pi
builtins.__import__ = real
print(names)
sys.modules["injected"] = m = type(sys)("injected", "doc")
m.x = 7
import injected
print(injected.x, injected.__doc__, injected)
sys.modules["blocked"] = None
try:
    import blocked
except ModuleNotFoundError as e:
    print(e)


class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "virtual":
            from importlib.machinery import ModuleSpec
            return ModuleSpec(name, Finder)

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        module.answer = 42


sys.meta_path.insert(0, Finder)
import virtual
print(virtual.answer)
