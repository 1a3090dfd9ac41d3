# SPDX-License-Identifier: MIT
# sqlite3: blobs, backup, serialize, iterdump.
import os
import sqlite3
from _sqlite_attempts import attempt

c = sqlite3.connect(":memory:")
c.execute("create table b(x)")
c.execute("insert into b values (zeroblob(10))")
b = c.blobopen("b", "x", 1)
attempt("len", len, b)
for data in (b"abc", b"x" * 11, "abc", bytearray(b"zz"), b"", 5):
    attempt(f"write {data!r}", b.write, data)
attempt("tell", b.tell)
for args in [
    (),
    (0,),
    (1, 2),
    (1,),
    (0, 2),
    (-3, 2),
    (-100, 2),
    (11,),
    (0, 5),
    (-1,),
    (1, 1),
    (2**31 - 1, 1),
    (2**31,),
    ("a",),
]:
    attempt(f"seek {args}", lambda: b.seek(*args) or b.tell())
b.seek(0)
for args in [(2,), (0,), (), (1,), (-5,), ("a",), (1, 2)]:
    attempt(f"read {args}", b.read, *args)
for key in (
    0,
    -1,
    10,
    -11,
    2**70,
    "a",
    None,
    True,
    slice(0, 3),
    slice(0, 0),
    slice(0, 6, 2),
    slice(5, 2),
    slice(-3, None),
    slice(0, 1, 0),
    slice("a"),
):
    attempt(f"[{key}]", lambda: b[key])


def put(key, value):
    b[key] = value
    return b[:]


def remove(key):
    del b[key]


for key, value in [
    (0, 1),
    (0, 256),
    (0, -1),
    (0, 2**70),
    (0, True),
    (0, b"a"),
    (0, "a"),
    (20, 1),
    (-1, 5),
    ("a", 1),
    (slice(0, 3), b"abc"),
    (slice(0, 3), b"ab"),
    (slice(0, 6, 2), b"XYZ"),
    (slice(0, 3), "abc"),
    (slice(0, 3), 5),
    (slice(0, 0), b"abc"),
    (slice(5, 2), b""),
]:
    attempt(f"[{key}] = {value!r}", put, key, value)
for key in (0, slice(0, 1), "a"):
    attempt("del", remove, key)
attempt("add", lambda: b + b"a")
attempt("multiply", lambda: b * 2)
attempt("in", lambda: 1 in b)
attempt("iter", iter, b)
attempt("with", lambda: b.__enter__() is b)
attempt("with", b.__exit__, None, None, None)
for name in ("read", "tell", "__enter__", "__len__", "close", "close"):
    attempt(f"closed {name}", getattr(b, name))
for args, kwargs in [
    (("none", "x", 1), {}),
    (("b", "y", 1), {}),
    (("b", "x", 5), {}),
    (("b", "x", 1), {"name": "none"}),
    (("b", "x"), {}),
    (("b", "x", 2**64), {}),
    (("b\0", "x", 1), {}),
    (("b", 5, 1), {}),
    (("b", "x", "a"), {}),
    (("b", "x", 1), {"name": 5}),
]:
    attempt(f"open {args} {kwargs}", lambda: c.blobopen(*args, **kwargs))
attempt("readonly", lambda: c.blobopen("b", "x", 1, readonly=True).write(b"a"))
attempt("Blob", sqlite3.Blob)
b = c.blobopen("b", "x", 1)
c.execute("update b set x = 'aaaa'")
attempt("expired", b.read)
attempt("expired", b.write, b"a")
c.rollback()
b = c.blobopen("b", "x", 1)
c.close()
attempt("connection closed", b.read)
attempt("connection closed", b.close)

# bytes
c = sqlite3.connect(":memory:")
attempt("empty", c.serialize)
c.executescript(
    "create table t(a, b); insert into t values (1, 'x'), (2, x'0102'); create index i on t(a); create view v as select a from t;"
)
data = c.serialize()
print(len(data), data[:15])
for args, kwargs in [((), {"name": "none"}), (("main",), {}), ((), {"name": 5})]:
    attempt(f"serialize {args} {kwargs}", c.serialize, *args, **kwargs)
d = sqlite3.connect(":memory:")
attempt("deserialize", d.deserialize, data)
attempt("same", lambda: d.execute("select * from t").fetchall())
attempt("changed", lambda: d.execute("insert into t select a + 10, b from t").rowcount)
attempt("commit", d.commit)
for value in (bytearray(data), memoryview(data), 5, "text"):
    attempt("deserialize", d.deserialize, value)
attempt("no database", lambda: d.execute("select * from t"))
attempt("deserialize", d.deserialize)
attempt("deserialize", d.deserialize, data, name="none")

# text
print(list(c.iterdump()))
copy = sqlite3.connect(":memory:")
copy.executescript("".join(c.iterdump()))
attempt("copy", lambda: copy.execute("select * from v").fetchall())

# backup
d = sqlite3.connect("copy.db")
for args, kwargs in [
    ((c,), {}),
    ((5,), {}),
    ((None,), {}),
    ((), {}),
    ((d, 5), {}),
    ((d,), {"progress": 5}),
    ((d,), {"name": "none"}),
    ((d,), {"name": 5}),
    ((d,), {"pages": "a"}),
    ((d,), {"sleep": "a"}),
    ((d,), {"progress": lambda *args: print(args)}),
    ((d,), {"pages": 1, "progress": lambda *args: print(args), "sleep": 0.001}),
    ((d,), {"progress": lambda *args: 1 / 0}),
    ((), {"target": d, "pages": -5}),
    ((d,), {"pages": 0}),
]:
    attempt("backup", c.backup, *args, **kwargs)
attempt("backup", lambda: d.execute("select * from t").fetchall())
d.execute("insert into t values (3, 4)")
attempt("rolled back", c.backup, d, pages=1, sleep=0.001)
attempt("backup", lambda: (d.in_transaction, d.execute("select count(*) from t").fetchall()))
d.close()
attempt("closed", c.backup, d)
print(sorted(os.listdir(".")), open("copy.db", "rb").read(15))
