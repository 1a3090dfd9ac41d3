print("b starts")
import _circular_a
print("b sees a.name", hasattr(_circular_a, "name"))
name = "b"
try:
    from _circular_a import name as other
except ImportError as e:
    print(type(e).__name__, str(e).split(" (/")[0])


def late():
    return _circular_a.name
