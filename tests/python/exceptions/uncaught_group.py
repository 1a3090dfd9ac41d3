try:
    1 / 0
except ZeroDivisionError as z:
    raise ExceptionGroup("several", [z, ValueError("two"), ExceptionGroup("nested", [KeyError("deep")])])
