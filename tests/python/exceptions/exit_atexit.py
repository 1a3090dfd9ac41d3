import atexit
atexit.register(print, "registered first")


@atexit.register
def second():
    print("registered second")


def failing():
    raise ValueError("in atexit")


atexit.register(failing)
atexit.register(lambda *a, **k: print("args", a, k), 1, x=2)
h = atexit.register(print, "unregistered")
atexit.unregister(h)
atexit.register(print, "still here")
print("main done")
