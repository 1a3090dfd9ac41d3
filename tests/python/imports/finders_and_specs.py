# Finders of the time before PEP 451, packages that globals claim, names that sys.modules forbids, modules that take
# themselves out while they are imported, parts of a namespace package that come later, lazy modules, frozen ones.
import _imp
import importlib
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import types
import warnings

folder = tempfile.mkdtemp()
sys.path.insert(0, folder)


def write(name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as stream:
        stream.write(text)
    importlib.invalidate_caches()


def attempt(action, *args, **kwargs):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = action(*args, **kwargs)
        except Exception as error:
            print(type(error).__name__, error, getattr(error, "name", "-"))
        else:
            print(result.__name__ if isinstance(result, types.ModuleType) else result)
    for warning in caught:
        print("  warned:", warning.category.__name__, warning.message)


class OldFinder:
    def find_module(self, name, path=None):
        return self if name == "old_style" else None

    def load_module(self, name):
        module = sys.modules[name] = types.ModuleType(name)
        module.__loader__ = self
        return module


finder = OldFinder()
sys.meta_path.insert(0, finder)
attempt(__import__, "old_style")
sys.meta_path.remove(finder)
del sys.modules["old_style"]

saved = sys.meta_path[:]
sys.meta_path.clear()
attempt(__import__, "nothing_there")
sys.meta_path[:] = saved

# What a module's globals say of its package.
write("outer/__init__.py", "")
write("outer/inner.py", "value = 1")


class Spec:
    def __init__(self, parent):
        self.parent = parent


for entries in ({"__package__": "outer"}, {"__name__": "outer", "__path__": []}, {"__name__": "outer.other"}, {},
                {"__package__": None, "__name__": "main"}, {"__spec__": Spec("outer")}, {"__spec__": Spec(1)},
                {"__package__": "outer", "__spec__": Spec("outer.x")}, {"__package__": 5}, {"__name__": 5}):
    attempt(__import__, "inner", entries, {}, ["value"], 1)
attempt(__import__, "inner", None, {}, ["value"], 1)

# A None in sys.modules is not forgiven in a list of names; a wrong __all__ says which.
sys.modules["outer.forbidden"] = None
attempt(__import__, "outer", {}, {}, ["forbidden"])
attempt(__import__, "outer", {}, {}, ["missing"])
write("wrong_all/__init__.py", "__all__ = [b'x']")
attempt(__import__, "wrong_all", {}, {}, ["*"])
attempt(__import__, "wrong_all", {}, {}, [b"y"])
for name in "string\0", "a/b", "/", "":
    attempt(__import__, name)

# A module that is taken out of sys.modules and imports itself begins anew.
write("again.py", "import sys\nprint('runs')\ntimes = sys.__dict__.setdefault('again_times', [])\ntimes.append(1)\n"
      "if len(times) < 3:\n    del sys.modules['again']\n    import again\n")
attempt(__import__, "again")
print(len(sys.again_times))

# A namespace package grows with the path.
write("first/space/one.py", "")
write("second/space/two.py", "")
sys.path.append(os.path.join(folder, "first"))
import space
import space.one
print(list(os.path.relpath(p, folder) for p in space.__path__), space.__file__, type(space.__path__).__name__,
      type(space.__loader__).__name__, space.__spec__.origin, space.__spec__.loader is space.__loader__)
attempt(importlib.import_module, "space.two")
sys.path.append(os.path.join(folder, "second"))
attempt(importlib.import_module, "space.two")
print(len(space.__path__))

# A lazy module is not touched by its import.
write("lazy.py", "print('loads')\nvalue = 5")


class LazyFinder:
    def find_spec(self, name, path, target=None):
        if name != "lazy":
            return None
        print("lock held:", _imp.lock_held())
        loader = importlib.machinery.SourceFileLoader(name, os.path.join(folder, "lazy.py"))
        return importlib.util.spec_from_loader(name, importlib.util.LazyLoader(loader))


sys.meta_path.insert(0, LazyFinder())
module = importlib.import_module("lazy")
print("imported")
print(module.value)
del sys.meta_path[0]

# Frozen modules.
frozen = importlib.machinery.FrozenImporter
for name in "__hello__", "__phello__", "__phello__.spam", "__hello_alias__", "_frozen_importlib", "nothing":
    print(name, _imp.find_frozen(name))
print(frozen.find_spec("__hello__").origin, frozen.is_package("__phello__"))
module = types.ModuleType("__hello__")
exec(frozen.get_code("__hello__"), module.__dict__)
module.main()
attempt(_imp.get_frozen_object, "nothing")
attempt(frozen.get_code, "nothing")
_imp._override_frozen_modules_for_tests(-1)
print(_imp.find_frozen("__hello__"))
_imp._override_frozen_modules_for_tests(0)
