# A coroutine that was never awaited warns when it goes.
import gc
import sys
import warnings


async def forgotten():
    pass


warnings.simplefilter("always")
with warnings.catch_warnings(record=True) as caught:
    forgotten()
    c = forgotten()
    c.close()
    del c
    gc.collect()
print([(w.category.__name__, str(w.message)) for w in caught])
warnings.simplefilter("error")
sys.unraisablehook = lambda u: print(type(u.exc_value).__name__, u.exc_value, u.object.__name__)
forgotten()
gc.collect()
