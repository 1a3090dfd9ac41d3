# SPDX-License-Identifier: MIT
"""The json package: records to text and back, with nested lists, floats, escapes and repeated keys."""
import json

SIZE_QUICK = 6_000
SIZE_FULL = 60_000

NAMES = ["Ada", "Grace \"Amazing\" Hopper", "Dennis\tRitchie", "Edsger W. Dijkstra", "Gödel", "Алан", "C:\\temp"]


def make_records(count):
    state = 11
    records = []
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 4294967296
        records.append({
            "id": i,
            "name": NAMES[(state >> 16) % len(NAMES)],
            "active": state & 1 == 0,
            "parent": None if i == 0 else i // 2,
            "score": state / 1024,
            "tags": ["t%d" % (state >> s & 15) for s in (4, 8, 12)],
            "position": {"x": (state >> 3) % 1000 - 500, "y": (state >> 13) % 1000 / 8, "big": state ** 3},
        })
    return records


def run(size):
    records = make_records(size)
    text = json.dumps(records)
    back = json.loads(text)
    compact = json.dumps(back, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    again = json.loads(compact)
    return records, text, compact, again


def check(size, result):
    records, text, compact, again = result
    if again != records or len(again) != size:
        raise ValueError("the records did not come back")
    if not text.isascii() or compact.isascii() or len(compact) >= len(text):
        raise ValueError("the texts have %d and %d characters" % (len(text), len(compact)))
    if compact.count('"active":') != size or not compact.startswith('[{"active":'):
        raise ValueError("the keys are not sorted")
