try:
    try:
        raise ValueError("hidden")
    except ValueError:
        raise KeyError("shown") from None
except KeyError as k:
    try:
        raise RuntimeError("outer")
    except RuntimeError as r:
        raise IndexError("last") from k
