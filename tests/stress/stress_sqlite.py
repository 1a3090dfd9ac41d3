# SPDX-License-Identifier: MIT
"""SQLite's connections, each thread's own and shared ones, with callbacks, while others close, replace and collect."""
import gc
import os
import sqlite3
import tempfile
import threading
import weakref
from _stress import main

# What a call may meet when another thread closes the connection, or uses the same cursor.
EXPECTED = (
    "Cannot operate on a closed",
    "Base Connection.__init__ not called",
    "Recursive use of cursors",
    "interrupted",
    "database is locked",
    "table t is locked",
    "cannot commit",
    "SQL statements in progress",
    "query aborted",
    "no such table",
    "not an error",
    "within a transaction",
    "no transaction is active",
    "bad parameter or other API misuse",
    "active statements",
    "abort due to ROLLBACK",
    "cannot open value of type null",
    "no such rowid",
    "already exists",
    "no such function",
    "database is in use",
    "Error creating function",
)


def shared(**options):
    return sqlite3.connect(":memory:", check_same_thread=False, **options)


def tolerate(s, function, *args):
    try:
        return function(*args)
    except sqlite3.Error as e:
        s.check(any(text in str(e) for text in EXPECTED), repr(e))
    except SystemError as e:
        s.check(False, repr(e))


def one_file(s):
    """Connections of their own to one file: every transaction is there, whole."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "file.db")
        first = sqlite3.connect(path)
        first.execute("pragma synchronous = off")
        first.execute("create table t(thread, n)")

        def work(i, rng):
            c = sqlite3.connect(path, timeout=60, isolation_level="IMMEDIATE")
            c.execute("pragma synchronous = off")
            for n in range(5):
                with c:
                    c.executemany("insert into t values (?, ?)", [(i, n)] * 3)
                s.check(c.execute("select count(*) % 3 from t").fetchone() == (0,), "half a transaction")
            c.close()

        s.together(work)
        s.check(
            first.execute("select count(*), count(distinct thread) from t").fetchone() == (s.threads * 15, s.threads),
            "rows",
        )
        first.close()


def own_memory(s):
    """Databases of their own, with functions, aggregates, collations and converters that all threads use."""

    class Longest:
        def __init__(self):
            self.text = ""

        def step(self, text):
            self.text = max(self.text, text, key=len)

        def finalize(self):
            return self.text

    sqlite3.register_converter("hexed", lambda b: int(b, 16))

    def work(i, rng):
        c = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES)
        c.row_factory = sqlite3.Row
        c.create_function("twice", 1, lambda x: x * 2)
        c.create_aggregate("longest", 1, Longest)
        c.create_collation("backwards", lambda a, b: (a < b) - (a > b))
        c.execute("create table t(a, b hexed)")
        c.executemany("insert into t values (?, ?)", ((f"{n:03}" * (n % 4 + 1), f"{n:x}") for n in range(40)))
        for _ in range(3):
            rows = c.execute("select twice(a) as a, b from t order by a collate backwards").fetchall()
            s.check(
                len(rows) == 40 and rows[0]["A"].startswith("039") and {row["b"] for row in rows} == set(range(40)),
                "rows",
            )
            s.check(len(c.execute("select longest(a) from t").fetchone()[0]) == 12, "longest")

    s.together(work)


def one_connection(s):
    """A connection for all: no row is lost, and each cursor gives what its own statement found."""
    c = shared()
    c.execute("create table t(thread, n)")

    def work(i, rng):
        cursor = c.cursor()
        for n in range(30):
            cursor.execute("insert into t values (?, ?)", (i, n))
            s.check(cursor.rowcount == 1, "rowcount", cursor.rowcount)
            s.check(cursor.execute("select ?, ?", (i, n)).fetchall() == [(i, n)], "another's row")
            if n % 10 == 0:
                rows = c.execute("select n from t where thread = ?", (i,)).fetchmany(1000)
                s.check([row[0] for row in rows] == list(range(n + 1)), "own rows")
            if n % 7 == 0:
                tolerate(s, c.commit)
            s.check(c.total_changes > 0 and c.in_transaction in (True, False), "asked")

    s.together(work)
    s.check(c.execute("select count(*) from t").fetchone() == (s.threads * 30,), "all rows")


def one_cursor(s):
    """A cursor for all gives nothing that no statement asked for, and survives."""
    c = shared()
    c.execute("create table t(a)")
    c.executemany("insert into t values (?)", [(n,) for n in range(20)])
    cursor = c.cursor()

    def work(i, rng):
        for n in range(60):
            kind = rng.randrange(5)
            if kind == 0:
                tolerate(s, cursor.execute, "select a from t")
            elif kind == 1:
                rows = tolerate(s, cursor.fetchmany, 5)
                s.check(rows is None or all(row[0] in range(20) for row in rows), "rows", rows)
            elif kind == 2:
                row = tolerate(s, cursor.fetchone)
                s.check(row is None or row[0] in range(20), "row", row)
            elif kind == 3:
                description = cursor.description
                s.check(description is None or description[0][0] == "a", "description")
            else:
                tolerate(s, cursor.__init__, c)

    s.together(work)
    s.check(cursor.execute("select count(*) from t").fetchone() == (20,), "rows")


def replaced_callbacks(s):
    """Handlers and functions are replaced while statements run and call them."""
    c = shared()
    c.execute("create table t(a)")
    c.executemany("insert into t values (?)", [(n,) for n in range(50)])
    c.create_function("f", 1, lambda x: x)

    def ask(i, rng):
        for n in range(30):
            rows = tolerate(
                s, lambda: c.execute("select f(a) from t where a < ? order by a", (rng.randrange(1, 50),)).fetchall()
            )
            s.check(rows is None or all(row[0] in (k, -k) for k, row in enumerate(rows)), "rows")

    def replace(i, rng):
        for n in range(30):
            sign = rng.choice((1, -1))
            tolerate(s, c.create_function, "f", 1, lambda x: x * sign)
            tolerate(s, c.set_progress_handler, rng.choice((None, lambda: 0)), 3)
            tolerate(s, c.set_trace_callback, rng.choice((None, lambda sql: sign)))
            tolerate(s, c.set_authorizer, rng.choice((None, lambda *args: 0)))
            tolerate(s, c.create_collation, "k", lambda a, b: 0)

    s.together(ask, replace, ask, replace)


def dying_cursors(s):
    """Cursors and statements die in other threads than use the connection, and hold no lock of the database after that."""
    c = shared(cached_statements=3)
    c.execute("create table t(a)")
    c.executemany("insert into t values (?)", [(n,) for n in range(30)])
    c.commit()
    handed = []

    def work(i, rng):
        for n in range(40):
            cursor = c.execute(f"select a from t where a >= {rng.randrange(8)}")
            s.check(cursor.fetchone()[0] < 8, "row")
            cycle = [cursor]
            cycle.append(cycle)
            handed.append(cycle if n % 3 == 0 else cursor)
            if len(handed) > 6:
                tolerate_index(handed, rng)
            if n % 4 == 0:
                s.check(c("select 1") is not None, "statement")

    s.together(work)
    handed.clear()
    s.check_gone(lambda: sum(isinstance(o, sqlite3.Cursor) for o in gc.get_objects()), "cursors", room=4)
    c.execute("drop table t")


def tolerate_index(items, rng):
    try:
        items.pop(rng.randrange(len(items)))
    except (IndexError, ValueError):
        pass


def closing(s):
    """One closes the connection, or opens it again, while the others use it and what belongs to it."""
    c = shared()

    def fill():
        c.execute("create table t(a, b)")
        c.executemany("insert into t values (?, zeroblob(20))", [(n,) for n in range(30)])
        c.commit()

    fill()

    def close(i, rng):
        for n in range(6):
            for _ in range(rng.randrange(200)):
                pass
            c.close()
            tolerate(s, lambda: (c.__init__(":memory:", check_same_thread=False), fill()))

    def use(i, rng):
        for n in range(40):
            tolerate(s, lambda: [row[0] for row in c.execute("select a from t")])
            tolerate(s, lambda: c.executemany("insert into t values (?, null)", [(1,), (2,)]))
            tolerate(s, lambda: c.create_function("g", 0, lambda: c.total_changes))
            tolerate(s, lambda: c.execute("select g()").fetchone())
            tolerate(s, lambda: c.blobopen("t", "b", 1).read())
            tolerate(s, c.interrupt)
            tolerate(s, c.commit)
            tolerate(s, lambda: c.in_transaction)

    s.together(close, *[use] * (s.threads - 1))


def closing_within(s):
    """Callbacks close their connection, or open it again, in the middle of each kind of call."""

    def work(i, rng):
        for again in (False, True):
            for call in (
                lambda c: c.execute("select f(a) from t").fetchall(),
                lambda c: c.execute("insert into t select f(a) from t"),
                lambda c: c.executemany("insert into t values (f(?))", [(1,), (2,)]),
                lambda c: c.executescript("select f(1); select f(2); insert into t values (f(3)); select 1"),
                lambda c: c.execute("select a from t order by a collate k").fetchall(),
                lambda c: (c.set_trace_callback(c.end), c.commit()),
                lambda c: (c.set_authorizer(c.end), c.execute("select a from t")),
                lambda c: (c.set_progress_handler(c.end, 1), c.execute("select count(*) from t").fetchone()),
                lambda c: c.execute("select ?, ?", (Parameter(c), 1)),
                lambda c: c.executemany("insert into t values (?)", ((c.end(), n) for n in range(3))),
                lambda c: c.blobopen("t", "a", 1).write(b"") or c.execute("update t set a = f(a)"),
            ):
                c = Closing(":memory:")
                c.again = again
                c.execute("create table t(a)")
                c.executemany("insert into t values (?)", [("a",), ("b",), ("c",)])
                c.create_function("f", 1, c.end)
                c.create_collation("k", c.end)
                try:
                    call(c)
                except (sqlite3.Error, ValueError):
                    pass
                c.close()

    s.together(work)


class Closing(sqlite3.Connection):
    def end(self, *args):
        self.close()
        if self.again:
            self.__init__(":memory:")
            self.execute("create table t(a)")
        return 0


class Parameter:
    def __init__(self, connection):
        self.connection = connection

    def __conform__(self, protocol):
        return self.connection.end()


def interrupting(s):
    """A statement that would run for ever is interrupted by another thread."""
    c = shared()
    running = []
    c.create_function("note", 0, lambda: running.append(1))

    def run(i, rng):
        try:
            c.execute(
                "with recursive n(i) as (select note() union all select i from n) select count(*) from n where i < 0"
            ).fetchone()
        except sqlite3.OperationalError as e:
            s.check(str(e) == "interrupted", repr(e))
        running.append(None)

    def stop(i, rng):
        while not running:
            pass
        while None not in running:
            c.interrupt()

    s.together(run, stop)


def copying(s):
    """Backups both ways between two connections that are in use: nobody waits for ever."""
    a, b = shared(), shared()
    a.execute("create table t(a)")
    a.execute("insert into t values (1)")
    a.commit()
    a.backup(b)

    def work(i, rng):
        for n in range(8):
            one, two = (a, b) if (i + n) % 2 else (b, a)
            tolerate(s, lambda: one.backup(two, pages=1, sleep=0.001, progress=lambda *args: None))
            rows = tolerate(s, lambda: one.execute("select a from t").fetchall())
            s.check(rows in (None, [(1,)]), "rows", rows)
            data = tolerate(s, one.serialize)
            s.check(data is None or data[:6] == b"SQLite", "bytes")

    s.together(work)


def sorting(s):
    """Threads of the library's own, which sort, call a collation."""
    with tempfile.TemporaryDirectory() as folder:

        def work(i, rng):
            c = sqlite3.connect(os.path.join(folder, f"{i}.db"))
            c.execute("pragma threads = 3")
            c.execute("pragma cache_size = 10")
            c.execute("create table t(a)")
            with c:
                c.executemany("insert into t values (?)", ((str(rng.random()) * 20,) for _ in range(2000)))
            callers = set()

            def collation(a, b):
                callers.add(threading.get_ident())
                return (a > b) - (a < b)

            c.create_collation("k", collation)
            texts = [row[0] for row in c.execute("select a from t order by a collate k")]
            s.check(texts == sorted(texts) and len(texts) == 2000, "order")
            s.check(len(callers) > 1, "no thread of the library's")
            c.close()

        s.together(work, work)


def cycles(s):
    """Connections that their own callbacks refer to are found by the collector, with an aggregate half done."""

    class Endless:
        def step(self, x):
            self.x = x

        def inverse(self, x):
            pass

        def value(self):
            return 0

        def finalize(self):
            return 0

    class Connection(sqlite3.Connection):
        pass

    alive = []

    def work(i, rng):
        for n in range(10):
            c = sqlite3.connect(":memory:", factory=Connection)
            alive.append(weakref.ref(c))
            c.create_function("f", 0, lambda: c)
            c.create_window_function("w", 1, type("Own", (Endless,), {"connection": c}))
            c.create_collation("k", lambda a, b: (c, 0)[1])
            c.set_trace_callback(lambda sql: c)
            c.set_progress_handler(lambda: not c, 1000)
            c.cursor_left = c.execute("select w(column1) over (order by column1) from (values (1), (2), (3))")
            s.check(c.cursor_left.fetchone() == (0,), "row")
            c.row_factory = lambda *args: c
            if n % 3 == 0:
                gc.collect()

    s.together(work)
    s.check_gone(lambda: sum(r() is not None for r in alive), "connections", room=2)


main(
    sorting,
    one_file,
    own_memory,
    one_connection,
    one_cursor,
    replaced_callbacks,
    dying_cursors,
    closing,
    closing_within,
    interrupting,
    copying,
    cycles,
)
