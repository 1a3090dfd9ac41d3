# mro() that sets other bases while bases are being set: whatever stands in the end, no class is forgotten below another
# when it ends.
import gc


class First: pass
class Second: pass
class Third: pass


class Meta(type):
    plan = ()

    def mro(cls):
        if cls.__name__ == "Moved" and Meta.plan:
            bases, *Meta.plan = Meta.plan
            if bases == "fail":
                raise ValueError("no order")
            cls.__bases__ = bases
        return type.mro(cls)


PLANS = [[], [(Third,)], [(First,)], [(Third,), (First,)], [(Third,), (Second,)], [(Third, First), (Second, Third)], ["fail"],
         [(Third,), "fail"], [(Third,), (First, Second), "fail"]]
for plan in PLANS:
    class Base(metaclass=Meta): pass
    class Moved(Base, First): pass
    class Below(Moved): pass

    for bases in ((Base, Second), (Base,), (Second, Base)):
        Meta.plan = [other if other == "fail" else (Base, *other) for other in plan]
        try:
            Moved.__bases__ = bases
        except (TypeError, ValueError) as error:
            print(type(error).__name__, error)
        print([base.__name__ for base in Moved.__bases__], [base.__name__ for base in Below.__mro__])
        print([base.__subclasses__().count(Moved) for base in Moved.__bases__])
    del Base, Moved, Below
    gc.collect()
    gc.collect()
    for base in (First, Second, Third):
        base.attribute = plan  # everything below hears of it
        print(base.__name__, base.__subclasses__())
