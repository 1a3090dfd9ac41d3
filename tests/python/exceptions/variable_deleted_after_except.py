e = "before"
try:
    raise ValueError
except ValueError as e:
    pass
try:
    e
except NameError as err:
    print(err)


def f():
    e = 1
    try:
        raise KeyError("k")
    except KeyError as e:
        saved = e
    try:
        return e
    except UnboundLocalError as err:
        return str(err), repr(saved)


print(f())
try:
    raise ValueError
except ValueError as x:
    del x
print("x" in globals())
try:
    raise ValueError
except ValueError as x:
    x = "rebound"
print("x" in globals())
for i in range(2):
    try:
        raise ValueError(i)
    except ValueError as y:
        continue
print("y" in globals())


def g():
    try:
        raise ValueError("r")
    except ValueError as e:
        return e


print(repr(g()))
