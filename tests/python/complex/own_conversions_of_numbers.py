# complex() and cmath ask subclasses of int and float for __complex__, and complex() asks those of float for __float__.
import cmath


class IntWithComplex(int):
    def __complex__(self):
        return 3j


class FloatWithComplex(float):
    def __complex__(self):
        return 4j


class FloatWithFloat(float):
    def __float__(self):
        return 7.5


class FloatWithout(float):
    __float__ = None


class FloatOfText(float):
    def __float__(self):
        return "x"


def attempt(function, *arguments):
    try:
        print(function(*arguments))
    except TypeError as error:
        print("TypeError:", error)


for number in IntWithComplex(1), FloatWithComplex(2.0), FloatWithFloat(1.0), FloatWithout(1.0), FloatOfText(1.0), True:
    print(type(number).__name__)
    attempt(complex, number)
    attempt(complex, number, 1)
    attempt(complex, 1, number)
    attempt(complex, number, number)
    attempt(cmath.sqrt, number)
    attempt(cmath.phase, number)
