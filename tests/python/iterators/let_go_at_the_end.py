# An iterator that has come to its end lets go of what it went over, and stays at its end.
import gc

for base, content in ((bytes, b"ab"), (bytearray, b"ab"), (str, "ab"), (list, "ab"), (tuple, "ab"), (dict, {1: 2}), (set, "a"), (frozenset, "a")):
    for items in (content, base()):
        died = []

        class Sequence(base):
            def __del__(self):
                died.append(next(iterator, "nothing more"))

        iterator = iter(Sequence(items))
        for item in iterator:
            pass
        [].append(1)  # no stale word of the last call may keep the text, where a collector looks at the C stack
        gc.collect()
        print(base.__name__, len(items), died, next(iterator, "the end"), list(iterator))
        del Sequence

for text in ("abc", b"abc"):
    iterator = iter(text)
    print(iterator.__length_hint__(), iterator.__reduce__()[1:], next(iterator), iterator.__reduce__()[1:])
    iterator.__setstate__(2)
    print(list(iterator), iterator.__length_hint__(), iterator.__reduce__()[1:])
    iterator.__setstate__(0)
    print(list(iterator), iterator.__length_hint__())
