# mro() of a metaclass is asked of it, also for classes that are made of metaclasses, and again and again.
class Meta(type):
    def mro(cls):
        return super().mro()


class Ending(type):
    def mro(cls):
        return [cls, *type.mro(cls)[1:]]


for meta in (Meta, Ending):
    for _ in range(3):
        for base in (meta, object, int, Exception, type):
            try:
                class Made(base, metaclass=meta):
                    pass
                print([c.__name__ for c in Made.__mro__])
            except AttributeError as e:
                print(e)


class Asking(type):
    def mro(cls):
        for name in ("held", "own", "__doc__"):  # whatever is found while there is no order yet, it stays whole
            getattr(cls, name, None)
        return type.mro(cls)


class Base:
    held = ["a list"]


for _ in range(3):
    class Made(Base, metaclass=Asking):
        own = ["own"]
print(Made.held, Made.own, Base.held)
