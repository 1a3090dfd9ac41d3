# A class that inherits a native __iadd__ uses it in +=, though it has an __add__ or __radd__ of its own. An object of the
# native type itself asks the right operand first.
import array
import collections


class Right:
    def __radd__(self, other):
        return "asked the right one"

    def __iter__(self):
        return iter([7])


def attempt(left, right):
    given = left
    try:
        left += right
    except TypeError as error:
        print("   TypeError:", error)
        return
    print("  ", repr(left), left is given)


for base, content in (
    (list, [1]),
    (bytearray, b"a"),
    (collections.deque, [1]),
    (tuple, (1,)),
    (str, "a"),
    (set, {1}),
):

    class Left(base):
        def __add__(self, other):
            return "added"

    class Reflected(base):
        def __radd__(self, other):
            return "added from the right"

    class Inplace(base):
        def __iadd__(self, other):
            return "added in place"

    for kind in base, Left, Reflected, Inplace:
        print(kind.__name__)
        for right in content, base(content), Left(content), Reflected(content), Right(), 5:
            attempt(kind(content), right)

numbers = array.array("i", [1])
attempt(numbers, array.array("i", [2]))
attempt(numbers, Right())


class Later(list):
    pass


def add(items):
    items += [2]
    return items


items = Later([1])
print(add(items), add(items))
Later.__add__ = lambda self, other: "added"
print(add(items))
Later.__iadd__ = lambda self, other: "added in place"
print(add(items))
del Later.__iadd__
print(add(items))
