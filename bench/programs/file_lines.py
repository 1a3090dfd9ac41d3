# SPDX-License-Identifier: MIT
"""A text file written and read line by line, as text, as bytes, and by csv."""
import csv
import os
import tempfile

SIZE_QUICK = 40_000
SIZE_FULL = 400_000


def run(size):
    handle, path = tempfile.mkstemp(prefix="locksmith-bench-", suffix=".csv")
    os.close(handle)
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as f:
            f.write("number,name,value\n")
            for i in range(size):
                f.write("%d,%s,%s\n" % (i, "näme" if i % 10 == 0 else "name", i / 8))
        letters = total = 0
        with open(path, encoding="utf-8") as f:
            f.readline()
            for line in f:
                number, name, value = line.rstrip("\n").split(",")
                letters += len(name)
                total += float(value)
        raw = lines = 0
        with open(path, "rb") as f:
            for line in f:
                raw += len(line)
                lines += 1
        with open(path, encoding="utf-8", newline="") as f:
            rows = sum(len(row) for row in csv.reader(f))
        return letters, total, raw, lines, rows, os.path.getsize(path)
    finally:
        os.unlink(path)


def check(size, result):
    letters, total, raw, lines, rows, length = result
    if letters != 4 * size or total != sum(i / 8 for i in range(size)):
        raise ValueError("%d letters, a sum of %r" % (letters, total))
    if lines != size + 1 or rows != 3 * (size + 1) or raw != length:
        raise ValueError("%d lines, %d fields, %d of %d bytes" % (lines, rows, raw, length))
