# _stat: the native half of stat.
import _stat
import stat

names = [name for name in dir(_stat) if not name.startswith("_")]
for name in names:
    value = getattr(_stat, name)
    print(name, value if isinstance(value, int) else getattr(stat, name) is value)
functions = [getattr(_stat, name) for name in names if callable(getattr(_stat, name))]
for mode in (0, 0o100644, 0o107777, 0o7000, 0o40755, 0o120777, 0o60660, 0o20600, 0o10600, 0o140700, 0o170000, 0o101070, 2**32 - 1, 2**32, 2**64,
             -1, True, "x", 1.5, None):
    for function in functions:
        try:
            print(function.__name__, mode, function(mode))
        except (TypeError, OverflowError) as error:
            print(function.__name__, mode, type(error).__name__, error)
