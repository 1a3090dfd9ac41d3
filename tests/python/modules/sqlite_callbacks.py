# SPDX-License-Identifier: MIT
# sqlite3: functions, aggregates, window functions, collations and handlers in Python.
import sqlite3
import sys
import weakref
from _sqlite_attempts import attempt

c = sqlite3.connect(":memory:")


def fetch(sql, *args):
    return c.execute(sql, args).fetchall()


def raising(e):
    raise e


# functions
for f in (
    lambda: 1,
    lambda: None,
    lambda: b"a",
    lambda: b"",
    lambda: bytearray(b"b"),
    lambda: "s",
    lambda: "é",
    lambda: 1.5,
    lambda: 2**70,
    lambda: [],
    lambda: 1 / 0,
    lambda: "\ud800",
    lambda: True,
    lambda: memoryview(b"ab"),
    lambda: float("nan"),
    lambda: raising(MemoryError),
    lambda: raising(OverflowError),
    lambda: memoryview(b"abcd")[::2],
    lambda x: x,
    5,
    int,
):
    c.create_function("f", 0, f)
    attempt("f", fetch, "select f()")
c.create_function("g", -1, lambda *args: repr(args))
attempt("g", fetch, "select g(1, 2.5, 'x', x'00', null, ?, ?)", "a\0b", b"")
attempt("g", fetch, "select g(cast(x'ff' as text))")
attempt("g", fetch, "select g(%s)" % ",".join("1" * 127))
c.create_function("h", 1, lambda x: x * 2, deterministic=True)
attempt("h", lambda: c.execute("create index i on t(h(a))") if c.execute("create table t(a)") else None)
c.create_function("h", 1, None)
attempt("h", fetch, "select h(1)")


# aggregates
class Collect:
    def __init__(self):
        self.seen = []

    def step(self, *args):
        self.seen.append(args)

    def finalize(self):
        return repr(self.seen)


class NoStep:
    pass


class NoFinalize:
    def step(self, *args):
        pass


class BadInit:
    def __init__(self):
        1 / 0


class BadStep(Collect):
    def step(self):
        1 / 0


class BadFinalize(Collect):
    def finalize(self):
        1 / 0


class AttributeFinalize(Collect):
    def finalize(self):
        return self.nothing


for kind in (Collect, NoStep, NoFinalize, BadInit, BadStep, BadFinalize, AttributeFinalize):
    c.create_aggregate("ag", -1, kind)
    attempt(kind.__name__, fetch, "select ag() from (select 1 union select 2)")
    attempt(kind.__name__, fetch, "select ag() where 0")
c.create_aggregate("ag", 2, Collect)
attempt(
    "grouped", fetch, "select column1 % 2, ag(column1, column2) from (values (1, 'a'), (2, 'b'), (3, null)) group by 1"
)
c.create_aggregate("ag", 2, None)
attempt("gone", fetch, "select ag(1, 2)")


class Sum:
    def __init__(self):
        self.sum = 0

    def step(self, x):
        self.sum += x

    def inverse(self, x):
        self.sum -= x

    def value(self):
        return self.sum

    def finalize(self):
        return self.sum


WINDOW = "select w(column1) over (order by column1 rows between 1 preceding and 1 following) from (values (1), (2), (3), (4))"
for missing in (None, "step", "inverse", "value", "finalize"):
    for kind in (
        type("Bad", (Sum,), {missing: lambda *args: 1 / 0} if missing else {}),
        type("Partial", (), {n: v for n, v in vars(Sum).items() if callable(v) and n != missing}),
    ):
        c.create_window_function("w", 1, kind)
        attempt(f"{missing} {kind.__name__}", fetch, WINDOW)
c.create_window_function("w", 1, Sum)
cursor = c.execute(WINDOW)
print(cursor.fetchone())
cursor.close()
c.create_window_function("w", 1, None)
attempt("gone", fetch, WINDOW)

# collations
for collation in (
    lambda a, b: (a > b) - (a < b),
    lambda a, b: (a < b) - (a > b),
    lambda a, b: "x",
    lambda a, b: None,
    lambda a, b: 2**100,
    lambda a, b: -(2**100),
    lambda a, b: 1 / 0,
    lambda a: 0,
    None,
):
    c.create_collation("col", collation)
    attempt("collation", fetch, "select column1 from (values ('b'), ('a'), ('é')) order by column1 collate col")
    attempt("collation", fetch, "select 'a' < 'b' collate col")

# handlers
seen = []
c.set_trace_callback(seen.append)
attempt("traced", fetch, "select ?, ?", "it's", b"\1")
c.execute("create table q(a)")
c.execute("insert into q values (1)")
c.executemany("insert into q values (?)", [(2,), (3,)])
c.commit()
c.executescript("select 1; select 2 ;")
c.set_trace_callback(None)
fetch("select 3")
print(seen)
for answer in (sqlite3.SQLITE_OK, sqlite3.SQLITE_IGNORE, sqlite3.SQLITE_DENY, "x", None, True, 2**40):
    asked = []
    c.set_authorizer(lambda *args: asked.append(args) or (answer if args[0] == sqlite3.SQLITE_READ else 0))
    attempt(f"authorizer {answer!r}", lambda: c.execute(f"select a, {id(asked)} from q limit 1").fetchall()[0][0])
    print(asked)
c.set_authorizer(None)
for handler in (lambda: 0, lambda: None, lambda: 1, lambda: 1 / 0, lambda x: 0):
    c.set_progress_handler(handler, 1)
    attempt("progress", fetch, "select count(*) from q")
c.set_progress_handler(None, 1)
attempt("progress", fetch, "select count(*) from q")
calls = []
c.set_progress_handler(lambda: calls.append(1), 2)
fetch("with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000) select max(i) from n")
print(len(calls) > 100)
c.set_progress_handler(None, 2)

# reports
reports = []
sys.unraisablehook = lambda report: print(
    "  ", report.exc_type.__name__, report.exc_value, report.err_msg, type(report.object).__name__
)
sqlite3.enable_callback_tracebacks(True)
for f in (lambda: 1 / 0, lambda: [], lambda: 2**70):
    c.create_function("f", 0, f)
    attempt("f", fetch, "select f()")
for kind in (BadInit, BadStep, BadFinalize, NoStep):
    c.create_aggregate("ag", 0, kind)
    attempt(kind.__name__, fetch, "select ag()")
c.set_authorizer(lambda *args: 1 / 0)
attempt("authorizer", fetch, "select 77")
c.set_authorizer(None)
c.set_progress_handler(lambda: 1 / 0, 1)
attempt("progress", fetch, "select 78")
c.set_progress_handler(None, 1)
c.set_trace_callback(lambda sql: 1 / 0)
attempt("trace", fetch, "select 79")
c.set_trace_callback(None)
sqlite3.enable_callback_tracebacks(False)

# callbacks that use the connection
c.create_function("inner", 1, lambda x: c.execute("select ? * 10", (x,)).fetchone()[0])
attempt("inner", fetch, "select inner(a) from q")
c.create_function("own", 0, lambda: cursor.execute("select 1") and 1)
cursor = c.cursor()
attempt("own", lambda: cursor.execute("select own()").fetchall())


class Again:
    def __iter__(self):
        return self

    def __next__(self):
        cursor.execute("select 1")


attempt("again", lambda: cursor.executemany("insert into q values (?)", Again()))
for method in ("close", "fetchone", "fetchall"):
    c.create_function("own", 0, lambda: getattr(cursor, method)())
    attempt(method, lambda: cursor.execute("select own()").fetchall())


# what a connection refers to is let go of
class Function:
    def __call__(self, *args):
        return 0


function = Function()
gone = weakref.ref(function)
c.create_function("f", 0, function)
c.create_collation("col", function)
c.set_trace_callback(function)
c.set_authorizer(function)
c.set_progress_handler(function, 5)
del function
print(gone() is not None)
c.create_function("f", 0, None)
c.create_collation("col", None)
c.set_trace_callback(None)
c.set_authorizer(None)
print(gone() is not None)
c.close()
if getattr(sys.implementation, "finalisation", "prompt") != "prompt":
    import gc

    gc.collect()
print(gone())
