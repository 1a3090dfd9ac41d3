def g():
    while True:
        try:
            v = yield "ready"
            print("value", v)
        except ValueError as e:
            print("caught", e)
            yield "after ValueError"
        except KeyError:
            return "done"


it = g()
next(it)
print(it.throw(ValueError("x")))
print(next(it))
print(it.throw(ValueError("instance two")))
next(it)
try:
    it.throw(KeyError)
except StopIteration as e:
    print("stop", e.value)
try:
    it.throw(ValueError("after end"))
except ValueError as e:
    print("raised", e)
fresh = g()
try:
    fresh.throw(RuntimeError("not started"))
except RuntimeError as e:
    print(e)
print(list(fresh))
it = g()
next(it)
try:
    it.throw(IndexError, "msg")
except IndexError as e:
    print(repr(e))
for bad in (5, "str", object):
    try:
        g().throw(bad)
    except TypeError as e:
        print(e)


def other():
    try:
        yield
    except ValueError as e:
        raise TypeError("converted") from e


o = other()
next(o)
try:
    o.throw(ValueError("orig"))
except TypeError as e:
    print(e, repr(e.__cause__))
