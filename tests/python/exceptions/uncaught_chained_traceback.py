def a():
    raise ValueError("first")


def b():
    try:
        a()
    except ValueError as e:
        raise KeyError("second") from e


def c():
    try:
        b()
    except KeyError:
        raise TypeError("third")


try:
    c()
finally:
    print("finally runs")
