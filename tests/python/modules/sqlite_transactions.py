# SPDX-License-Identifier: MIT
# sqlite3: transactions, what a cursor tells of a statement, files shared by connections.
import sqlite3
import threading
from _sqlite_attempts import attempt

a = sqlite3.connect("shared.db", timeout=0.01)
b = sqlite3.connect("file:shared.db?mode=rw", uri=True, timeout=0)
a.execute("create table t(a integer primary key, b)")
print(a.in_transaction, a.total_changes)
for level in (None, "", "deferred", "Immediate", "EXCLUSIVE"):
    a.isolation_level = level
    traced = []
    a.set_trace_callback(traced.append)
    cursor = a.execute("insert into t(b) values (?)", (level,))
    print(a.isolation_level, a.in_transaction, traced, cursor.lastrowid, cursor.rowcount)
    attempt("read", lambda: b.execute("select count(*) from t").fetchone())
    attempt("write", lambda: b.execute("insert into t(b) values (1)"))
    b.rollback()
    attempt("select", lambda: a.execute("select 1").fetchone() and a.in_transaction)
    a.rollback() if level == "" else a.commit()
    a.set_trace_callback(None)
for level in ("nothing", 5, "a\0", "\ud800"):
    attempt("level", setattr, a, "isolation_level", level)
a.isolation_level = ""
a.execute("insert into t(b) values ('kept')")
a.isolation_level = None  # commits
print(a.in_transaction)
attempt("begin", lambda: a.execute("begin") and a.in_transaction)
attempt("begin", a.execute, "begin")
attempt("rollback", lambda: a.rollback() or a.in_transaction)
attempt("rollback", lambda: a.rollback() or a.commit())
a.isolation_level = "DEFERRED"

# with
with a:
    a.execute("insert into t(b) values ('with')")
print(a.in_transaction)
try:
    with a:
        a.execute("insert into t(b) values ('undone')")
        1 / 0
except ZeroDivisionError as e:
    print(repr(e), a.in_transaction)
a.execute("pragma foreign_keys = on")
a.execute("create table child(t references t(a) deferrable initially deferred)")


def orphan():
    with a:
        a.execute("insert into child values (1000)")


attempt("commit fails", orphan)
print(a.in_transaction, a.execute("select count(*) from t where b in ('with', 'undone')").fetchone())
print(a.execute("select * from t").fetchall())

# schema changes, and scripts
a.execute("insert into t(b) values ('script')")
attempt("script", lambda: a.executescript("create table u(x); insert into u values (1)") and a.in_transaction)
attempt("kept", lambda: b.execute("select b from t where b = 'script'").fetchall())
a.execute("insert into u values (2)")
a.execute("create table w(x)")
print(a.in_transaction)
a.rollback()
attempt("w", a.execute, "select * from w")

# counts
c = a.cursor()
for sql in (
    "select 1",
    "insert into u values (3)",
    "update u set x = 9",
    "update u set x = 9 where 0",
    "delete from u where x = 3",
    "replace into t values (1, 'r')",
    "/* a comment */ insert into u values (5)",
    "create table if not exists u(x)",
    "with v as (select 1) insert into u select * from v",
    "insert or ignore into t values (1, 'x')",
    "delete from u",
    "pragma user_version",
):
    attempt(sql, lambda: (c.execute(sql), c.rowcount, c.lastrowid, c.description)[1:])
attempt(
    "many", lambda: (c.executemany("insert into u values (?)", ((i,) for i in range(5))), c.rowcount, c.lastrowid)[1:]
)
attempt("many", lambda: (c.executemany("insert into u values (?)", []), c.rowcount)[1:])
attempt("many", lambda: c.executemany("insert into u values (?)", [(1,), (1, 2)]))
print(c.rowcount, c.description, a.total_changes)
c.execute("update u set x = x + 1 returning x")
print(c.rowcount, [(row, c.rowcount) for row in c], c.rowcount)
attempt(
    "many returning",
    lambda: (c.executemany("insert into u values (?) returning x", [(1,), (2,)]), c.rowcount, c.fetchall()),
)

# fetching
c.execute("select x from u order by x")
print(
    c.arraysize,
    c.fetchone(),
    c.fetchmany(),
    c.fetchmany(2),
    c.fetchmany(size=1),
    c.fetchmany(0),
    c.fetchone(),
    c.fetchmany(5),
    c.fetchall(),
)
c.arraysize = 3
c.execute("select x from u")
print(c.fetchmany(), iter(c) is c, next(c))
a.commit()
print(len(c.fetchall()))
attempt("fetchmany", c.fetchmany, "a")
attempt("fetchmany", c.fetchmany, 2**40)
c.execute("select x from u")
a.rollback()
print(len(c.fetchall()))
one, two = a.cursor(), a.cursor()
for cursor in (one, two):
    cursor.execute("select x from u order by x")
print(one.fetchone(), one.fetchone(), two.fetchone(), one.execute("select 5").fetchall(), two.fetchone())
attempt("sizes", lambda: (c.setinputsizes(1), c.setoutputsize(1), c.setoutputsize(1, 2)))
attempt("init", lambda: (c.__init__(b), c.connection is b, c.rowcount, c.lastrowid, c.arraysize))
attempt("init", lambda: (b.__init__(":memory:"), b.execute("select count(*) from sqlite_master").fetchone()))
attempt(
    "no cache",
    lambda: [sqlite3.connect(":memory:", cached_statements=n).execute("select 1").fetchone() for n in (0, -1, 1)],
)
k = sqlite3.connect(":memory:", cached_statements=2)
print([k.execute(f"select {n % 3}").fetchone() for n in range(12)])

# threads
a.close()
c = sqlite3.connect(":memory:")
cursor = c.execute("select 1")


def elsewhere():
    for f in (
        c.cursor,
        c.commit,
        c.rollback,
        c.close,
        lambda: c.execute("x"),
        lambda: c.total_changes,
        lambda: c.in_transaction,
        c.interrupt,
        lambda: c.isolation_level,
        lambda: c("x"),
        lambda: c.__enter__() is c,
        lambda: c.__exit__(None, None, None),
        c.iterdump,
        lambda: c.set_trace_callback(None),
        lambda: c.getlimit(0),
        c.serialize,
        cursor.fetchone,
        cursor.close,
        lambda: cursor.rowcount,
        lambda: sqlite3.Cursor(c),
        lambda: c.create_function("f", 0, None),
        lambda: c.blobopen("a", "b", 1),
        lambda: c.backup(c),
    ):
        try:
            print(type(f()).__name__)
        except Exception as e:
            print(type(e).__name__, str(e)[:100])


thread = threading.Thread(target=elsewhere)
thread.start()
thread.join()
c = sqlite3.connect(":memory:", check_same_thread=False)
c.execute("create table t(a)")
threads = [
    threading.Thread(target=lambda: c.executemany("insert into t values (?)", [(i,) for i in range(100)]))
    for _ in range(4)
]
for thread in threads:  # one after the other: CPython's may both find no transaction, and begin one
    thread.start()
    thread.join()
print(c.execute("select count(*), sum(a) from t").fetchone())
