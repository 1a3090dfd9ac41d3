# An index that releases the view it is meant for: a slice is a view of its own by then.
class Releasing:
    def __init__(self, view, number):
        self.view, self.number = view, number

    def __index__(self):
        self.view.release()
        return self.number


for make in (lambda m: m[:Releasing(m, 4)], lambda m: m[Releasing(m, 2):6], lambda m: m[::Releasing(m, 3)],
             lambda m: m[Releasing(m, 1)]):
    view = memoryview(bytearray(range(8)))
    try:
        print(list(make(view)))
    except ValueError as error:
        print(error)


def assign(key):
    view = memoryview(bytearray(range(8)))
    try:
        view[key(view)] = b"spam"
    except ValueError as error:
        print(error)


assign(lambda m: slice(None, Releasing(m, 4)))
assign(lambda m: slice(Releasing(m, 4), None))
view = memoryview(bytearray(8))
for bad in ("x", 1.5):
    try:
        view[:bad]
    except TypeError as error:
        print(error)
view.release()
