# SPDX-License-Identifier: MIT
# sqlite3: what is refused, and in which words.
import sqlite3
from _sqlite_attempts import attempt

c = sqlite3.connect(":memory:")
c.execute("create table t(a unique, b integer not null default 0 check (b < 9))")
c.executemany("insert into t(a) values(?)", [("a",), ("b",), ("c",)])

# statements
for sql in [
    "",
    "-- nothing",
    " /* nothing */ ",
    "/* not ended",
    "select 1; select 2",
    "select 1; -- the end",
    "select 1\0",
    "selec",
    "select '\ud800'",
    5,
    None,
    "select 1 from nowhere",
    "insert into t(a) values('a')",
    "insert into t values(1, null)",
    "insert into t values (2, 10)",
    "create table t(a)",
    "select 1/0",
    "pragma nonsense",
    "rollback",
]:
    attempt(f"execute {sql!a}", lambda: c.execute(sql).fetchall())
attempt("execute", c.execute)
attempt("execute", c.execute, "select 1", (), ())
attempt("execute", c.cursor().execute)
attempt("executemany", c.executemany, "select 1", [()])
attempt("executemany", c.executemany, "", [()])
attempt("executemany", c.executemany, "insert into t(a) values(?)", 5)
attempt("executemany", c.executemany, "insert into t(a) values(?)", [5])
attempt("executemany", c.executemany, "x")
attempt("executemany", c.executemany, 5, [])
for script in [
    5,
    "a\0",
    "select 1; selec",
    "create table u(a); insert into u values(1); insert into nowhere values(1)",
    "",
]:
    attempt(f"script {script!r}", lambda: c.executescript(script) and None)
attempt("u", lambda: c.execute("select * from u").fetchall())

# parameters
for sql, parameters in [
    ("select ?", ()),
    ("select ?", (1, 2)),
    ("select 1", (1,)),
    ("select ?", {"x": 1}),
    ("select :x", {}),
    ("select :x", 5),
    ("select :x", {1}),
    ("select ?", (object,)),
    ("select ?", (object(),)),
    ("select :x", {"x": []}),
    ("select ?", (2**63,)),
    ("select ?", (-(2**63),)),
    ("select ?", (-(2**63) - 1,)),
    ("select ?", ("\ud800",)),
    ("select ?", (1j,)),
    ("select ?, ?", "ab"),
    ("select ?, ?", range(2)),
    ("select ?, ?", iter((1, 2))),
    ("select ?", (memoryview(b"abcd")[::2],)),
]:
    attempt(f"{sql} {type(parameters).__name__}", lambda: c.execute(sql, parameters).fetchall())


# what is closed, or was never opened
class NoConnection(sqlite3.Connection):
    def __init__(self):
        pass


class NoCursor(sqlite3.Cursor):
    def __init__(self, *args):
        pass


closed = sqlite3.connect(":memory:")
cursor = closed.execute("select 1 union select 2")
kept = closed.cursor()
kept.close()
attempt("closed cursor", kept.execute, "select 1")
attempt("closed cursor", kept.fetchone)
attempt("closed cursor", kept.close)
closed.close()
closed.close()
for k in (NoConnection(), closed):
    for name in "close commit rollback cursor interrupt iterdump __enter__ serialize".split():
        attempt(name, getattr(k, name))
    for name in "isolation_level total_changes in_transaction row_factory text_factory".split():
        attempt(name, lambda: getattr(k, name))
    attempt("execute", k.execute, "select 1")
    attempt("call", lambda: k("select 1"))
    attempt("exit", k.__exit__, None, None, None)
    attempt("function", k.create_function, "f", 1, None)
    attempt("level", lambda: setattr(k, "isolation_level", None))
for k in (NoCursor(), cursor):
    for name in "close fetchone fetchall fetchmany __next__".split():
        attempt(name, getattr(k, name))
    for name in "description rowcount lastrowid arraysize row_factory".split():
        attempt(name, lambda: getattr(k, name))
    attempt("execute", k.execute, "select 1")
attempt("factory", lambda: c.cursor(NoCursor).execute("x"))

# arguments
for args in [
    (),
    (5,),
    ("/nowhere/at/all",),
    ("a\0b",),
    (":memory:", "x"),
    (":memory:", 5, "x"),
    (":memory:", 5, 0, "x"),
    (":memory:", 5, 0, 1),
    (":memory:", 5, 0, None, True, 5),
    (":memory:", 5, 0, None, True, sqlite3.Connection, "x"),
    (":memory:", 1, 2, "", 4, sqlite3.Connection, 6, 7, 8),
]:
    attempt(f"connect {args}", lambda: sqlite3.connect(*args))
attempt("connect", sqlite3.connect, ":memory:", nothing=1)
attempt(
    "connect", lambda: sqlite3.connect(b":memory:", timeout=1, factory=lambda *args, **kwargs: (args, sorted(kwargs)))
)
for factory in (None, lambda connection: 5, sqlite3.Connection):
    attempt("cursor", c.cursor, factory)
for args in [(), (5,), (c, 1)]:
    attempt("Cursor", lambda: sqlite3.Cursor(*args))
attempt("Cursor", lambda: sqlite3.Cursor(connection=c))
for args in [(), (1,), ("select 1", 2), ("select",), ("select 1\0",)]:
    attempt("call", lambda: c(*args))
attempt("call", lambda: c("select 1", x=2))
for args in [("f", -100, int), ("f", 1), ("f", "a", None), ("a\0", 1, None), (1, 1, None), ("f", 1, int, True)]:
    attempt(f"create_function {args}", c.create_function, *args)
attempt("create_aggregate", c.create_aggregate, "f", -100, int)
attempt("create_window_function", c.create_window_function, "f", -100, int)
for args in [("f", 5), ("f\ud800", None), ("none", None), (5, None)]:
    attempt(f"create_collation {args!a}", c.create_collation, *args)
for name in ("set_authorizer", "set_trace_callback", "set_progress_handler"):
    attempt(name, getattr(c, name))
attempt("set_progress_handler", c.set_progress_handler, None, "a")
for args in [(1000,), ("a",), ()]:
    attempt("getlimit", c.getlimit, *args)
attempt("setlimit", c.setlimit, 1111, 1)
attempt("setlimit", c.setlimit, sqlite3.SQLITE_LIMIT_SQL_LENGTH, 10)
attempt("limit", c.execute, "select    1")
attempt("limit", c.executescript, "select    1")
for name in ("adapt", "complete_statement", "register_adapter", "register_converter"):
    attempt(name, getattr(sqlite3, name))
    attempt(name, getattr(sqlite3, name), 5)
attempt("complete_statement", sqlite3.complete_statement, "x\0")

# attributes
for name in ("row_factory", "text_factory", "Error", "total_changes", "in_transaction", "isolation_level"):
    attempt(name, lambda: setattr(c, name, 5) or getattr(c, name))
    attempt(name, lambda: delattr(c, name) or getattr(c, name))
c.row_factory = None
cursor = c.cursor()
for name in ("description", "lastrowid", "rowcount", "connection", "row_factory", "arraysize"):
    attempt(name, lambda: setattr(cursor, name, 5) or getattr(cursor, name))
    attempt(name, lambda: delattr(cursor, name) or getattr(cursor, name))
for t in (sqlite3.Connection, sqlite3.Cursor, sqlite3.Row, sqlite3.Blob, sqlite3.PrepareProtocol):
    print(t, t.__flags__ & 1 << 10, t.__doc__, sorted(n for n in vars(t) if n != "__new__"))
print([(e, e.__mro__) for e in vars(sqlite3).values() if isinstance(e, type) and issubclass(e, Exception)])
print([(n, v) for n, v in sorted(vars(sqlite3).items()) if n.startswith("SQLITE_") or n.startswith("PARSE_")])
print(sqlite3.apilevel, sqlite3.paramstyle, sqlite3.threadsafety, sqlite3.version, sqlite3.sqlite_version)
