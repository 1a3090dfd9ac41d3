def g():
    yield 1
    try:
        next(it)
    except ValueError as e:
        print(e)
    yield 2
    try:
        it.send(3)
    except ValueError as e:
        print(e)
    try:
        it.close()
    except ValueError as e:
        print(e)
    try:
        it.throw(KeyError)
    except ValueError as e:
        print(e)


it = g()
print(list(it))
import sys


def running():
    yield (lambda: me.gi_running)()


me = running()
print(next(me), me.gi_running)
