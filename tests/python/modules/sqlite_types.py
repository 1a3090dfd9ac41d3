# SPDX-License-Identifier: MIT
# sqlite3: Python's types and SQLite's, adapters, converters, factories of rows and texts.
import datetime
import sqlite3
from _sqlite_attempts import attempt

c = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)


class Integer(int):
    pass


class Text(str):
    pass


class Float(float):
    pass


class Conforming:
    def __conform__(self, protocol):
        return "conforms" if protocol is sqlite3.PrepareProtocol else None


class Refusing:
    def __conform__(self, protocol):
        return None


class Failing:
    def __conform__(self, protocol):
        raise [TypeError, KeyError][self.which]


class Missing(dict):
    def __missing__(self, key):
        return "no " + key


class Sequence:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        return "ab"[i]


for v in [
    None,
    0,
    -1,
    2**63 - 1,
    -(2**63),
    1.5,
    float("inf"),
    float("nan"),
    "",
    "text",
    "\0",
    "a\0b",
    "é\u20ac\U0001f600",
    b"",
    b"\0\xff",
    bytearray(b"x"),
    memoryview(b"xy"),
    True,
    Integer(5),
    Text("x"),
    Float(2.5),
    Conforming(),
    Refusing(),
]:
    attempt(f"{type(v).__name__}", lambda: c.execute("select ?1, typeof(?1)", (v,)).fetchone())
for which in (0, 1):
    Failing.which = which
    attempt("failing", lambda: c.execute("select ?", (Failing(),)).fetchone())
attempt("missing", lambda: c.execute("select :a", Missing()).fetchone())
attempt("sequence", lambda: c.execute("select ?, ?", Sequence()).fetchone())
attempt("named", lambda: c.execute("select :a, $b, @c, :a", dict(a=1, b=2, c=3, d=4)).fetchone())
attempt("numbered", lambda: c.execute("select ?2, ?1", [1, 2]).fetchone())

# adapters
sqlite3.register_adapter(complex, lambda z: f"{z.real};{z.imag}")
attempt("adapter", lambda: c.execute("select ?", (1 + 2j,)).fetchone())
sqlite3.register_adapter(range, lambda r: 1 / 0)
attempt("adapter", lambda: c.execute("select ?", (range(2),)).fetchone())
sqlite3.register_adapter(frozenset, 5)
attempt("adapter", lambda: c.execute("select ?", (frozenset(),)).fetchone())
for args in [(5,), (1j,), (object(),), (object(), int, 7), (Conforming(),), (Conforming(), int)]:
    attempt("adapt", sqlite3.adapt, *args)
print(sorted(t.__name__ for t, protocol in sqlite3.adapters), sorted(sqlite3.converters))

# converters
sqlite3.register_converter("point", lambda b: tuple(map(int, b.split(b","))))
sqlite3.register_converter("bad", lambda b: 1 / 0)
c.execute("create table z(p point, q POINT(10), r bad, s integer, d date, t timestamp)")
when = datetime.datetime(2020, 2, 3, 4, 5, 6, 789)
c.execute("insert into z values (?, ?, null, 4, ?, ?)", ("1,2", "3,4", when.date(), when))


def fetch(sql):
    cursor = c.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchall()


attempt("columns", fetch, "select p, q, r, s, d, t from z")
attempt(
    "names", fetch, "select p as 'x [bad', s as 'y [none]', '5,6' as 'z [point]', '7,8' as '[point]', r as [w] from z"
)
attempt("bad", fetch, "select 1 as 'x [bad]'")
attempt("empty", fetch, "select '' as 'x [point]', x'' as 'y [point]', null as 'z [bad]'")
attempt("expression", fetch, "select p || '', max(p) from z")
with sqlite3.connect(":memory:") as plain:
    attempt("plain", lambda: plain.execute("select '1,2' as 'x [point]'").description)

# texts
for factory in (bytes, bytearray, lambda b: b[::-1], str, 5, lambda b: 1 / 0):
    c.text_factory = factory
    attempt("text", lambda: c.execute("select 'abc', '', x'00', 1.5, null, 2").fetchall())
c.text_factory = str
attempt("undecodable", lambda: c.execute("select cast(x'ff41' as text) as \"column\"").fetchall())
attempt("surrogate", lambda: c.execute("select cast(x'eda080' as text) as \"column\"").fetchall())

# rows
c.row_factory = sqlite3.Row
row = c.execute("select 1 as a, 2 as B, 3 as 'é'").fetchone()
for key in (
    0,
    1,
    3,
    -1,
    -3,
    -4,
    "a",
    "A",
    "b",
    "C",
    "é",
    "É",
    1.0,
    slice(0, 2),
    slice(None, None, -1),
    2**1000,
    None,
):
    attempt(f"row[{key!r:.20}]", lambda: row[key])
attempt("row", lambda: (row.keys(), len(row), list(row), list(reversed(row)), tuple(row), 2 in row, dict(row)))
other = c.execute("select 1 as a, 2 as B, 3 as 'é'").fetchone()
attempt(
    "equal",
    lambda: (
        row == other,
        row != other,
        hash(row) == hash(other),
        row == (1, 2, 3),
        row == c.execute("select 1 as x, 2, 3").fetchone(),
    ),
)
attempt("less", lambda: row < other)
attempt("Row", lambda: list(sqlite3.Row(c.cursor(), (1,))))
for args in [(), (c, ()), (c.cursor(), []), (c.cursor(), (), 1)]:
    attempt("Row", lambda: sqlite3.Row(*args))
attempt("Row", lambda: sqlite3.Row(c.cursor(), (1,))["x"])
c.row_factory = lambda cursor, row: dict(zip([d[0] for d in cursor.description], row))
attempt("dicts", lambda: c.execute("select 1 as a union select 2").fetchall())
c.row_factory = lambda cursor, row: 1 / 0
attempt("raises", lambda: c.execute("select 1 as a union select 2").fetchall())
cursor = c.cursor()
cursor.row_factory = None
attempt("none", lambda: cursor.execute("select 1").fetchone())
c.row_factory = lambda row: row
attempt("wrong", lambda: c.execute("select 1").fetchone())


class Cursor(sqlite3.Cursor):
    def __init__(self, *args):
        super().__init__(*args)
        self.row_factory = lambda cursor, row: list(row)


class Connection(sqlite3.Connection):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.note = "own"

    def cursor(self, factory=Cursor):
        return super().cursor(factory)


k = sqlite3.connect(":memory:", factory=Connection)
attempt(
    "subclass",
    lambda: (
        k.note,
        type(k.execute("select 1")).__name__,
        k.cursor().execute("select 1, 2").fetchone(),
        k.cursor().connection is k,
    ),
)
