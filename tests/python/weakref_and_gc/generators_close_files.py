# A generator that is garbage together with the file it reads is finished first, so that it can close the file.
import gc
import os
import warnings

gc.disable()


def lines():
    file = open(os.devnull, "rb")
    try:
        yield file
    finally:
        file.close()


async def wait():
    file = open(os.devnull, "rb")
    try:
        await Pause()
    finally:
        file.close()


class Pause:
    def __await__(self):
        yield


class Holder:
    pass


def generator():
    holder = Holder()
    holder.me, holder.next = holder, lines().__next__
    holder.next()


def coroutine():
    holder = Holder()
    holder.me, holder.waiting = holder, wait()
    holder.waiting.send(None)


for make in (generator, coroutine):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(20):
            make()
        gc.collect()
    print(make.__name__, [str(warning.message) for warning in caught])
