# What a class's namespace gets last, how wrapped methods of subclasses are shown, and which layouts differ how.
class Plain:
    def __eq__(self, other):
        return True


class Slots:
    __slots__ = ("b", "a", "__weakref__")


class Documented:
    """text"""
    x = 1


for cls in (Plain, Slots, Documented, type("Made", (), {}), type("Made", (list,), {"__doc__": 5})):
    print(list(vars(cls)))


class Static(staticmethod):
    pass


class Class(classmethod):
    pass


print(Static(1), Class(2), staticmethod(3), classmethod(4))


def show(action):
    try:
        print(action())
    except TypeError as e:
        print(e)


class Empty:
    __slots__ = ()


class Hooked:
    def __init_subclass__(cls):
        pass


for old in (int, str, list, dict, tuple, float, complex, Exception, SyntaxError, staticmethod, object, bytes, set, Empty, Hooked, Slots):
    for new in (object, int, list, Empty, Hooked, Slots, dict, Exception, float):
        cls = type("C", (old,), {})
        show(lambda: cls.__setattr__("__bases__", (new,)) if False else type.__setattr__(cls, "__bases__", (new,)))
for items in (("__weakref__", "__weakref__"), ("__dict__", "__dict__")):
    show(lambda: type("C", (), {"__slots__": items}))
for base in (set, frozenset, tuple, int, type):
    show(lambda: type("C", (base,), {"__slots__": ("__weakref__",)}).__name__)
