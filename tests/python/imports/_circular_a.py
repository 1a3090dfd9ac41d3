print("a starts")
import _circular_b
print("a sees b.name", _circular_b.name)
name = "a"
