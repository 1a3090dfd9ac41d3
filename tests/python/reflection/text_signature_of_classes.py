"""__text_signature__ of classes comes from the beginning of the docstring."""
import inspect
import io


class Tells:
    """Tells(a, b=5)
--

What it is."""


class Other:
    """Tells(a, b=5)
--

A signature under another name."""


class Lines:
    "Lines(a,\n      b=5)\n--\n\nTwo lines."


class Empty:
    "Empty(a,\n\n      b=5)\n--\n\nAn empty line."


class NoEnd:
    "NoEnd(a)"


class Nothing:
    pass


for cls in (Tells, Other, Lines, Empty, NoEnd, Nothing, type, memoryview, io.BytesIO, io.StringIO, io.FileIO, io.TextIOWrapper,
            io.BufferedReader, io.BufferedWriter, io.BufferedRandom, io.BufferedRWPair, object, list):
    print(cls.__name__, repr(cls.__text_signature__))
print(inspect.signature(Tells), Tells.__doc__)
print(inspect.signature(io.BufferedReader))
