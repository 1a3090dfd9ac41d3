# SPDX-License-Identifier: MIT
"""Functions, generators, coroutines and asynchronous generators of random statements.

A round writes one: nested loops, if, try with all its parts, with, match, yield, break, continue, return and raise, with
expressions that leave a trace. It runs it with a few arguments, driving what must be driven, and prints what it gave or
the exception with its chain, the lines of each traceback, and the trace. A text that does not compile is drawn too (a
return in an except* block, say): then the error and its position are printed.

Not drawn: reading a local variable that is not bound, as one of CPython's superinstructions then tells the line before. Not
shown: where in an except* block a return stands, as CPython forgets it if there is a finally part around it.
"""
import traceback

from _drawing import describe, run, say, show

ROUNDS = 90

FILE = "flow"
MOST_TRACE = 500
trace = []

COROUTINE = """
async def co(n):
    if n % 5 == 0: raise KeyError(n)
    return T(n)
"""
PATTERNS = ["1 | 2", "[a, b] if a", "{1: v}", "int(n)", "str()", "[1, *r]", "(3 | 4) as q"]
SUBJECTS = ["x", "[x, T(1)]", "{1: x}", "str(x)"]
RAISED = ["ValueError", "KeyError", "IndexError"]
CAUGHT = ["ValueError", "KeyError", "(IndexError, KeyError)", "Exception", "ZeroDivisionError"]
KINDS = ["function", "function", "generator", "coroutine", "async generator"]


class TooLong(BaseException):
    """Ends what would go on for ever."""


def T(value):
    """Leaves a trace, and gives its argument."""
    if len(trace) > MOST_TRACE:
        raise TooLong
    trace.append(value)
    return value


class CM:
    """A context manager of both kinds, which may swallow exceptions."""

    def __init__(self, n, swallows):
        self.n = n
        self.swallows = swallows

    def __enter__(self):
        trace.append(("enter", self.n))
        return self.n

    def __exit__(self, kind, value, tb):
        trace.append(("exit", self.n, kind and kind.__name__, tb and tb.tb_lineno))
        return self.swallows

    async def __aenter__(self):
        trace.append(("aenter", self.n))
        return self.n

    async def __aexit__(self, kind, value, tb):
        trace.append(("aexit", self.n, kind and kind.__name__))
        return self.swallows


class Down:
    """Counts down for an async for."""

    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n -= 1
        if self.n < 0:
            raise StopAsyncIteration
        return self.n


class Writer:
    """Writes the text of one function f(x)."""

    def __init__(self, draw):
        self.draw = draw
        self.kind = draw.pick(KINDS)
        self.is_async = self.kind in ("coroutine", "async generator")
        self.yields = self.kind in ("generator", "async generator")
        self.count = 0
        self.lines = []

    def text(self):
        self.write(0, "async def f(x):" if self.is_async else "def f(x):")
        if self.yields:
            self.write(1, "yield 0")
        self.block(1, self.draw.between(2, 4), False)
        self.block(1, 2, False)
        return "\n".join(self.lines) + "\n"

    def fresh(self):
        self.count += 1
        return self.count

    def write(self, indent, line):
        self.lines.append("    " * indent + line)

    # Expressions, nested at most `depth` deep.
    def expression(self, depth=2):
        n, kind = self.fresh(), self.draw.below(16)
        if depth == 0 or kind < 4:
            return f"T({n})"
        if kind == 4:
            return f"(x + T({n}))"
        if kind == 5:
            return f"(T({n}) if {self.condition(depth - 1)} else {self.expression(depth - 1)})"
        if kind == 6:
            return f"[{self.expression(depth - 1)}, {self.expression(depth - 1)}][T(0)]"
        if kind == 7:
            return f"sum(y for y in [T({n}), {self.expression(depth - 1)}] if y % 2)"
        if kind == 8:
            return "len([T(y) for y in range(x % 4)])"
        if kind == 9:
            return f"(lambda q={self.expression(depth - 1)}: q)()"
        if kind == 10:
            return f"(z := {self.expression(depth - 1)})"
        if kind == 11:
            return f"({self.condition(depth - 1)}) + {self.expression(depth - 1)}"
        if kind == 12:
            return "1 // (x % 3)"
        if kind == 13 and self.is_async:
            return f"(await co({n}))"
        if kind == 14 and self.kind == "generator":
            return f"((yield {n}) or 0)"
        return f"int(f'{{x}}{{T({n})}}'[:3])"

    def condition(self, depth=2):
        kind = self.draw.below(9)
        if depth == 0 or kind < 2:
            return f"x % {self.draw.pick([2, 3, 5])} == {self.draw.below(2)}"
        if kind == 2:
            return f"{self.condition(depth - 1)} and {self.condition(depth - 1)}"
        if kind == 3:
            return f"{self.condition(depth - 1)} or {self.condition(depth - 1)}"
        if kind == 4:
            return f"not ({self.condition(depth - 1)})"
        if kind == 5:
            return f"0 < {self.expression(depth - 1)} < {self.expression(depth - 1)}"
        if kind == 6:
            return "x in (1, 2, 5)"
        if kind == 7:
            return f"T({self.fresh()}) > x"
        return "x is not None"

    # Statements: `depth` is how many blocks may still be nested, `loop` whether one may break.
    def block(self, indent, depth, loop):
        for _ in range(self.draw.between(1, 3)):
            if depth > 0 and self.draw.chance(67):
                self.draw.pick(self.COMPOUND)(self, indent, depth - 1, loop)
            else:
                self.draw.pick(self.SIMPLE)(self, indent, loop)

    def maybe_block(self, percent, header, indent, depth, loop):
        if self.draw.chance(percent):
            self.write(indent, header)
            self.block(indent + 1, depth, loop)

    def trace_statement(self, indent, loop):
        self.write(indent, f"T({self.fresh()})")

    def assignment(self, indent, loop):
        self.write(indent, f"x = {self.expression()}" if self.draw.chance(70) else f"x += {self.expression()}")

    def raise_statement(self, indent, loop):
        if self.draw.chance(40):
            self.write(indent, f"raise {self.draw.pick(RAISED)}({self.fresh()})")
        else:
            self.write(indent, f"T({self.expression()})")

    def leave_loop(self, indent, loop):
        word = self.draw.pick(["break", "continue"])
        if not loop:
            self.write(indent, "pass")
        elif self.draw.chance(50):
            self.write(indent, word)
        else:
            self.write(indent, f"if {self.condition()}: {word}")

    def return_statement(self, indent, loop):
        if self.draw.chance(70):
            self.write(indent, f"x += {self.expression()}")
        else:
            self.write(indent, "return" if self.kind == "async generator" else f"return {self.expression()}")

    def yield_statement(self, indent, loop):
        self.write(indent, f"yield {self.expression()}" if self.yields else f"T({self.expression()})")

    def assert_statement(self, indent, loop):
        self.write(indent, f"assert {self.condition()}, {self.fresh()}")

    def delete(self, indent, loop):
        self.write(indent, "del q" if self.draw.chance(15) else f"x = {self.expression()}")

    def unpack(self, indent, loop):
        self.write(indent, f"x, *r = [{self.expression(1)}, {self.expression(1)}]")

    def over_two_lines(self, indent, loop):
        self.write(indent, f"T(({self.expression(1)},")
        self.write(indent + 1, f"{self.expression(1)}))")

    SIMPLE = [trace_statement, trace_statement, assignment, raise_statement, leave_loop, return_statement]
    SIMPLE += [yield_statement, assert_statement, delete, unpack, over_two_lines]

    def if_statement(self, indent, depth, loop):
        self.write(indent, f"if {self.condition()}:")
        self.block(indent + 1, depth, loop)
        self.maybe_block(40, f"elif {self.condition()}:", indent, depth, loop)
        self.maybe_block(50, "else:", indent, depth, loop)

    def for_statement(self, indent, depth, loop):
        times = self.draw.below(4)
        if self.is_async and self.draw.chance(50):
            self.write(indent, f"async for i{depth} in Down({times}):")
        else:
            self.write(indent, f"for i{depth} in range({times}):")
        self.block(indent + 1, depth, True)
        self.maybe_block(30, "else:", indent, depth, loop)

    def while_statement(self, indent, depth, loop):
        variable = f"w{self.fresh()}"
        more = f" and ({self.condition()})" if self.draw.chance(30) else ""
        self.write(indent, f"{variable} = 0")
        self.write(indent, f"while {variable} < {self.draw.below(4)}{more}:")
        self.write(indent + 1, f"{variable} += 1")
        self.block(indent + 1, depth, True)
        self.maybe_block(30, "else:", indent, depth, loop)

    def try_statement(self, indent, depth, loop):
        self.write(indent, "try:")
        self.block(indent + 1, depth, loop)
        has_finally, star = self.draw.chance(50), self.draw.chance(15)
        if not has_finally or self.draw.chance(60):
            for _ in range(self.draw.between(1, 2)):
                self.except_part(indent, depth, loop, star)
            self.maybe_block(30, "else:", indent, depth, loop)
        if has_finally:
            self.write(indent, "finally:")
            self.block(indent + 1, depth, loop)

    def except_part(self, indent, depth, loop, star):
        name = self.draw.pick([" as error", ""])
        self.write(indent, f"except{'*' if star else ''} {self.draw.pick(CAUGHT)}{name}:")
        if star and self.draw.chance(90):  # break, continue and return are errors there
            self.write(indent + 1, f"T({self.fresh()})")
        else:
            self.block(indent + 1, depth, loop)
        if self.draw.chance(15):
            self.write(indent + 1, "raise")

    def with_statement(self, indent, depth, loop):
        word = "async with" if self.is_async and self.draw.chance(50) else "with"
        first = f"CM({self.fresh()}, {self.draw.chance(30)})" + (" as x" if self.draw.chance(30) else "")
        second = f", CM({self.fresh()}, {self.draw.chance(30)})" if self.draw.chance(30) else ""
        self.write(indent, f"{word} {first}{second}:")
        self.block(indent + 1, depth, loop)

    def match_statement(self, indent, depth, loop):
        self.write(indent, f"match {self.draw.pick(SUBJECTS)}:")
        for pattern in self.draw.sample(PATTERNS, 3):
            self.write(indent + 1, f"case {pattern}:")
            self.block(indent + 2, max(0, depth - 1), loop)
        self.maybe_block(50, "case _:", indent + 1, 0, loop)

    def inner_function(self, indent, depth, loop):
        self.write(indent, f"def inner{depth}():")
        self.write(indent + 1, f"return {self.draw.pick(['x', 'T(7)', '1 // 0'])}")
        self.write(indent, f"T(inner{depth}())")

    COMPOUND = [if_statement] * 3 + [for_statement] * 3 + [while_statement] + [try_statement] * 5
    COMPOUND += [with_statement] * 3 + [match_statement, inner_function]


def drive_generator(generator):
    given = []
    for i in range(12):
        try:
            given.append(generator.throw(ValueError(99)) if i == 8 else generator.send(None if i < 3 else i))
        except StopIteration as stop:
            given.append(("stop", stop.value))
            break
    generator.close()
    return given


def drive_coroutine(coroutine):
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    return "it waits"


def drive_async_generator(generator):
    given = []
    for i in range(8):
        try:
            given.append(drive_coroutine(generator.athrow(ValueError(98)) if i == 5 else generator.asend(i or None)))
        except StopAsyncIteration:
            given.append("end")
            break
    drive_coroutine(generator.aclose())
    return given


DRIVERS = {
    "function": lambda result: result,
    "generator": drive_generator,
    "coroutine": drive_coroutine,
    "async generator": drive_async_generator,
}


def chain(error, depth=0):
    """An exception with the lines of its traceback, its group and its context."""
    if error is None or depth > 4:
        return None
    frames = [
        (frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__) if frame.filename == FILE
    ]
    found = [describe(error), frames]
    if isinstance(error, BaseExceptionGroup):
        found.append([chain(each, depth + 1) for each in error.exceptions])
    return found + [chain(error.__context__, depth + 1), error.__suppress_context__]


def play(code, kind, x):
    names = {"T": T, "CM": CM, "Down": Down}
    exec(COROUTINE, names)
    exec(code, names)
    trace.clear()
    try:
        result = DRIVERS[kind](names["f"](x))
    except TooLong:
        return "too long"
    except Exception as error:
        result = chain(error)
    return f"{show(result, 2000)} | {show(trace, 4000)}"


def play_round(draw):
    writer = Writer(draw)
    text = writer.text()
    try:
        code = compile(text, FILE, "exec")
    except SyntaxError as error:
        position = (error.lineno, error.offset, error.end_lineno, error.end_offset)
        say("syntax", error.msg, "" if "except*" in error.msg else position)
        return
    for x in (0, 1, 3, 7):
        say(writer.kind, x, play(code, writer.kind, x))


if __name__ == "__main__":
    run(play_round, ROUNDS)
