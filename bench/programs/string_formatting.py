# SPDX-License-Identifier: MIT
"""Text from values: f-strings with and without specifications, str.format, the % operator."""

SIZE_QUICK = 5_000
SIZE_FULL = 50_000


def run(size):
    lines = []
    for i in range(size):
        ratio = i / 7
        lines.append(f"{i}: {ratio:.3f} {i:>8d} {i:#x} {i * 1000:,} {'left':<10}|")
        lines.append("{0:08.2f} {1:^12} {name!r}".format(ratio, i, name="n%d" % (i % 10)))
        lines.append("%s-%05d-%.4e-%r-%x" % ("item", i, ratio, (i, "x"), i))
        lines.append(str(ratio) + " " + repr(i) + f"{i}{ratio}{i % 2 == 0}")
    return lines


def check(size, result):
    if len(result) != 4 * size:
        raise ValueError("%d lines" % len(result))
    for i in range(0, size, 97):
        plain, formatted, percent, joined = result[4 * i:4 * i + 4]
        number, rest = plain.split(": ")
        value = rest.split()
        if int(number) != i or abs(float(value[0]) - i / 7) > 0.0005 or int(value[1]) != i or int(value[2], 16) != i:
            raise ValueError("line %d is %r" % (i, plain))
        if int(value[3].replace(",", "")) != i * 1000 or not plain.endswith(" left      |"):
            raise ValueError("line %d is %r" % (i, plain))
        if abs(float(formatted[:formatted.index(" ")]) - i / 7) > 0.005 or not formatted.endswith("'n%d'" % (i % 10)):
            raise ValueError("line %d is %r" % (i, formatted))
        item, padded, exponent = percent.split("-")[:3]
        if item != "item" or int(padded) != i or len(padded) < 5 or not percent.endswith("%x" % i):
            raise ValueError("line %d is %r" % (i, percent))
        if float(joined.split()[0]) != i / 7 or not joined.endswith(("True", "False")):
            raise ValueError("line %d is %r" % (i, joined))
