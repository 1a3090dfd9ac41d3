class Plain:
    pass


for value in (1, 1.5, "s", None, [], {}, (), Plain(), NotImplemented, ..., b"", range(3)):
    try:
        value()
    except TypeError as e:
        print(e)
import sys
try:
    sys()
except TypeError as e:
    print(e)
