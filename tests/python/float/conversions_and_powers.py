# float() of subclasses and of what gives one, keywords, zero to infinite powers.
import warnings

warnings.simplefilter("always")
warnings.showwarning = lambda message, category, *rest: print(category.__name__, message)
inf = float("inf")
print(0.0 ** inf, -0.0 ** inf, pow(0.0, -inf), pow(-0.0, -inf), pow(0.0, float("nan")))
for power in (-1.0, -0.5, -2):
    try:
        print(0.0 ** power)
    except ZeroDivisionError as error:
        print(error)


class Sub(float):
    pass


class Gives:
    def __float__(self):
        return Sub(42.0)


class SubGives(float):
    def __float__(self):
        return Sub(float.__float__(self) + 1)


class Bad(float):
    def __float__(self):
        return 42


class Keywords(float):
    def __init__(self, value, more=None):
        self.more = more


print(float(Gives()), type(float(Gives())), Sub(Gives()), float(SubGives(3)))
for attempt in (lambda: float(Bad(1)), lambda: Sub(x=0), lambda: float(x=0)):
    try:
        print(attempt())
    except TypeError as error:
        print(error)
print(Keywords(2.5, more=3).more)
