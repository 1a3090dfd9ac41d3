# Which of two deques comes first is True or False, whatever their items' own methods give.
from collections import deque


class Item:
    def __init__(self, answer):
        self.answer = answer

    def __eq__(self, other):
        return False

    def __lt__(self, other):
        return self.answer

    __le__ = __gt__ = __ge__ = __lt__


class NoTruth:
    def __bool__(self):
        raise ValueError("no truth")


for answer in "yes", "", 5, 0, [], NotImplemented:
    a, b = deque([1, Item(answer)]), deque([1, Item(answer)])
    try:
        print(repr(answer), a < b, a <= b, a > b, a >= b, a == b, a != b)
    except TypeError as error:
        print(repr(answer), error)
try:
    print(deque([Item(NoTruth())]) < deque([Item(NoTruth())]))
except ValueError as error:
    print(error)
print([Item("yes")] < [Item("")])
