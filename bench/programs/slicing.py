# SPDX-License-Identifier: MIT
"""Slices of text, bytes, lists and tuples, assigned and deleted ones too, and joins of the parts."""

SIZE_QUICK = 20_000
SIZE_FULL = 200_000


def run(size):
    text = "".join(["%06d" % i for i in range(size)])
    wide = "€" + text
    data = text.encode()
    parts = [text[i:i + 6] for i in range(0, len(text), 6)]
    rest = [wide[i:i + 5] for i in range(1, len(wide), 6)]
    raw = [data[i + 2:i + 6] for i in range(0, len(data), 6)]
    joined = "".join(parts), ",".join(rest), b"\n".join(raw), text[::-6], data[::6]
    pairs = tuple(range(size))
    halves = [pairs[i:i + 2] for i in range(0, size, 2)]
    window = list(range(32))
    for i in range(size):
        window[8:16] = window[16:24]
        window[2:2] = (i, i + 1)
        del window[-2:]
        window[::8] = window[4:8]
    buffer = bytearray(data)
    for i in range(0, size, 4):
        buffer[i:i + 4] = buffer[-4 - i:len(buffer) - i]
    rows = []
    for i in range(0, size, 10):
        first, second, *others = parts[i:i + 10]
        rows.append(" ".join([first, second, "-".join(others[::-1])]))
    return joined, halves, window, buffer, "\n".join(rows)


def check(size, result):
    joined, halves, window, buffer, rows = result
    whole, rest, raw, backwards, firsts = joined
    numbers = ["%06d" % i for i in range(size)]
    if whole != "".join(numbers) or rest != ",".join(n[:5] for n in numbers) or raw.decode() != "\n".join(n[2:] for n in numbers):
        raise ValueError("the parts are not those of the text")
    if backwards != "".join(n[5] for n in reversed(numbers)) or firsts != b"".join(n[:1].encode() for n in numbers):
        raise ValueError("slices with a step are wrong")
    if [n for half in halves for n in half] != list(range(size)):
        raise ValueError("the tuple lost something")
    if len(window) != 32 or window[2] != size - 1 or window[3] != size:
        raise ValueError("the list is %r" % window)
    if len(buffer) != 6 * size or buffer[:4] != whole[-4:].encode():
        raise ValueError("the buffer is wrong")
    if rows.count("\n") != (size - 1) // 10 or not rows.startswith("000000 000001 000009-000008-"):
        raise ValueError("the rows are wrong")
