import gc


def g(log):
    try:
        yield 1
        yield 2
    except GeneratorExit:
        log.append("exit")
        raise
    finally:
        log.append("finally")


log = []
it = g(log)
next(it)
print(it.close(), log)
print(list(it))
it.close()
it = g(log)
it.close()
print(log)


def stubborn():
    try:
        yield
    except GeneratorExit:
        yield "ignored"


s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e)


def swallow():
    try:
        yield
    except GeneratorExit:
        return 5


s = swallow()
next(s)
print(s.close())


def raises():
    try:
        yield
    finally:
        raise KeyError("in finally")


r = raises()
next(r)
try:
    r.close()
except KeyError as e:
    print(repr(e))
log = []


def loop():
    for x in g(log):
        break


loop()
gc.collect()
print(log)
