# __get__ is called with the descriptor, the instance and the class, whatever kind of callable it is.
class Callable:
    def __call__(self, *args):
        return len(args)


class Static:
    __get__ = staticmethod(lambda *args: len(args))


class Instance:
    __get__ = Callable()


class Plain:
    def __get__(self, instance, owner):
        return instance is None, owner.__name__


class Builtin:
    __get__ = max


class Owner:
    static = Static()
    instance = Instance()
    plain = Plain()
    builtin = Builtin()


for where in Owner, Owner():
    print(where.static, where.instance, where.plain)
    try:
        where.builtin
    except TypeError as error:
        print("TypeError")
