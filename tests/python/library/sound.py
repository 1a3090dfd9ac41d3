# audioop: arithmetic on sound fragments, with each width of sample, with what does not fit, and with states handed on.
import random
import sys
import warnings

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import audioop
print([(w.category.__name__, str(w.message)) for w in caught])
print(audioop.error.__mro__, audioop.error.__module__)


def show(name, *args):
    try:
        print(name, args[1:], repr(getattr(audioop, name)(*args)))
    except Exception as error:
        print(name, args, type(error).__name__, error)


def pack(width, values):
    low, high = -1 << 8 * width - 1, (1 << 8 * width - 1) - 1
    return b"".join(min(max(v, low), high).to_bytes(width, sys.byteorder, signed=True) for v in values)


source = random.Random(7)
for width in (1, 2, 3, 4):
    top = 1 << 8 * width - 1
    for fragment in (b"", pack(width, [5]), pack(width, [0, 0, 3, 3, -2, -2, 9]), pack(width, [top, -top, top, -top, 0]),
                     pack(width, [1, 2, 3, 2, 1, 2, 9, -4]), pack(width, [source.randrange(-top, top) for _ in range(60)])):
        for name in ("max", "minmax", "avg", "rms", "cross", "avgpp", "maxpp", "reverse", "byteswap", "lin2ulaw", "lin2alaw", "ulaw2lin",
                     "alaw2lin"):
            show(name, fragment, width)
        for factor in (0, 1, 0.5, -1.7, 3, 1e9):
            show("mul", fragment, width, factor)
            show("tostereo", fragment, width, factor, 1)
            show("tomono", fragment, width, factor, 0.25)
        for bias in (0, 1, -1, 127, 2**31 - 1, -2**31, 2**31, "x"):
            show("bias", fragment, width, bias)
        for index in (0, -1, 2, 1 << 40, 1 << 70):
            show("getsample", fragment, width, index)
        for to in (1, 2, 3, 4, 0, 5):
            show("lin2lin", fragment, width, to)
        show("add", fragment, fragment, width)
        show("add", fragment, bytes(len(fragment)), width)
        show("add", fragment, fragment + bytes(width), width)
        show("lin2adpcm", fragment, width, None)
        show("lin2adpcm", fragment, width, (1000, 40))
        show("adpcm2lin", fragment, width, None)
        show("adpcm2lin", fragment, width, (-5, 88))
        for rates in ((8000, 8000), (8000, 16000), (44100, 8000), (3, 7), (7, 3)):
            for weights in ((), (3, 1), (30, 10), (1, 5)):
                show("ratecv", fragment, width, 1, *rates, None, *weights)
        state = None
        for start in range(0, len(fragment), 3 * width):
            piece, state = audioop.ratecv(fragment[start:start + 3 * width], width, 1, 5, 8, state)
            print(piece, state)
    show("ratecv", pack(width, range(12)), width, 3, 2, 3, (-1, ((1, 2), (3, 4), (5, 6))))

every = bytes(range(256))
for width in (2, 3, 4):
    print(audioop.lin2alaw(audioop.alaw2lin(every, width), width) == every, audioop.ulaw2lin(every, width)[:24])
print(audioop.lin2ulaw(pack(2, range(-32768, 32768, 7)), 2).hex())
print(audioop.lin2alaw(pack(2, range(-32768, 32768, 7)), 2).hex())
wave = pack(2, [source.randrange(-9000, 9000) for _ in range(300)])
for piece in (wave[100:160], wave[:60], pack(2, [1, 2, 3]), wave, wave + b"xx", wave + b"x", b"\0\0"):
    for name in ("findfit", "findfactor"):
        show(name, wave, piece)
for length in (0, 1, 50, 300, 301, -1):
    show("findmax", wave, length)
for name in ("max", "minmax", "avg", "rms", "cross", "avgpp", "maxpp", "reverse", "byteswap", "lin2ulaw", "ulaw2lin"):
    for args in ((b"abc", 2), (b"abc", 0), (b"abc", 5), (b"abc", -1), ("abc", 1), (b"abc", 1.0), (b"abc",), (b"abc", 1, 2), (b"abc", 2**40),
                 (memoryview(b"abc"), 1), (bytearray(b"abc"), 3)):
        show(name, *args)
for state in (5, (), (1,), (1, 2, 3), ("x", 1), (0, -1), (0, 89), (0x8000, 0), (-0x8001, 0), (1, (2,))):
    show("lin2adpcm", b"\1\2", 1, state)
    show("adpcm2lin", b"\1\2", 1, state)
for args in ((b"ab", 1, 0, 1, 1, None), (b"ab", 1, 2**30, 1, 1, None), (b"ab", 2, 2**30, 1, 1, None), (b"abc", 1, 2, 1, 1, None),
             (b"ab", 1, 1, 0, 1, None), (b"ab", 1, 1, 1, -1, None), (b"ab", 1, 1, 1, 1, None, 0), (b"ab", 1, 1, 1, 1, None, 1, -1),
             (b"ab", 1, 1, 1, 1, 5), (b"ab", 1, 1, 1, 1, (1, (42,))), (b"ab", 1, 1, 1, 1, (1, ())), (b"ab", 1, 1, 1, 1, (1, 2)),
             (b"ab", 1, 1, 1, 1, ("x", ((1, 2),))), (b"ab", 5, 1, 1, 1, None), (b"ab", 1, 2, 1, 1, (0, ((1, 2),)))):
    show("ratecv", *args)
