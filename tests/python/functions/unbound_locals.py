def f():
    try:
        print(x)
    except UnboundLocalError as e:
        print(type(e).__name__, e)
    x = 1
    del x
    try:
        x
    except UnboundLocalError as e:
        print(e)
    try:
        del x
    except UnboundLocalError as e:
        print(e)


f()


def g():
    for i in []:
        pass
    try:
        return i
    except NameError as e:
        print(type(e).__name__, e)


g()


def h():
    def inner():
        return late
    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)
    late = 2
    print(inner())
    del late
    try:
        inner()
    except NameError as e:
        print(type(e).__name__, e)


h()


def k():
    try:
        raise ValueError("v")
    except ValueError as e:
        pass
    try:
        e
    except UnboundLocalError as err:
        print(err)


k()
try:
    nowhere
except NameError as e:
    print(e, e.name)
try:
    del nowhere
except NameError as e:
    print(e)
