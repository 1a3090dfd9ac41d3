class M:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        raise KeyError("exit")


def f():
    with M():
        raise ValueError("body")


try:
    f()
finally:
    print("outer finally")
