import _circular_a
import _circular_b
print(_circular_b.late(), _circular_a.name)
