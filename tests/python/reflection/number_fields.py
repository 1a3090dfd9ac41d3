"""Numbers in the C structure of an object are member descriptors."""
import datetime
import inspect
import io
import pickle

for owner, name in ((datetime.timedelta, "days"), (datetime.timedelta, "microseconds"), (pickle.Pickler, "bin"), (pickle.Pickler, "fast"),
                    (pickle.Pickler, "dispatch_table")):
    field = getattr(owner, name)
    print(field, inspect.ismemberdescriptor(field), field.__name__, field.__objclass__)
delta, pickler = datetime.timedelta(-1, 5, 7), pickle.Pickler(io.BytesIO())
print(delta.days, delta.seconds, delta.microseconds, datetime.timedelta.days.__get__(delta))
for change in (lambda: setattr(delta, "days", 1), lambda: delattr(delta, "days"), lambda: delattr(pickler, "bin"),
               lambda: setattr(pickler, "bin", "x"), lambda: setattr(pickler, "fast", 3), lambda: delattr(pickler, "dispatch_table"),
               lambda: datetime.timedelta.days.__get__(5), lambda: datetime.timedelta.days.__set__(5, 6)):
    try:
        print(change())
    except Exception as e:
        print(type(e).__name__, e)
print(pickler.fast, pickler.bin)
