# SPDX-License-Identifier: MIT
"""Decimals: the same numbers in all threads, a context that all compute in, and contexts of each thread's own."""
import contextvars
import pickle
from decimal import (ROUND_DOWN, ROUND_UP, Clamped, Context, Decimal, DivisionByZero, FloatOperation, Inexact, InvalidOperation, Overflow, Rounded, Subnormal,
                     Underflow, getcontext, localcontext, setcontext)
from _stress import main

SIGNALS = [InvalidOperation, FloatOperation, DivisionByZero, Overflow, Underflow, Subnormal, Inexact, Rounded, Clamped]


class Sub(Decimal):
    pass


def shared_numbers(s):
    numbers = [Decimal(n) / 7 for n in range(1, 60)] + [Decimal(10) ** n + 1 for n in (40, 80, 200)] + [Sub("1.5"), Sub("-2e60")]
    sums = [a + 1 for a in numbers]
    table = {}

    def work(i, rng):
        for n in range(400):
            k = rng.randrange(len(numbers))
            a, b = numbers[k], rng.choice(numbers)
            s.check(a + 1 == sums[k] and a + b == b + a and (a < b) == (b > a), "arithmetic")
            s.check(Decimal(str(a)) == a and hash(Decimal(str(a))) == hash(a), "text and hash")
            s.check(pickle.loads(pickle.dumps(a)) == a and Decimal(a.as_tuple()) == a, "copies")
            s.check(f"{a:.3f}" == str(a.quantize(Decimal("0.001"), context=Context(prec=300))) and a.as_integer_ratio()[1] > 0, "formats")
            table[a] = k
            s.check(table[Decimal(a)] == k or numbers[table[a]] == a, "found by value")
    s.together(work)


def flags_of_one_context(s):
    """Each signal is met by threads of its own: none may be lost, and one that nobody meets stays away."""
    meets = [(Inexact, lambda c: c.divide(1, 3)), (DivisionByZero, lambda c: c.divide(1, 0)), (InvalidOperation, lambda c: c.sqrt(-1)), (Overflow, lambda c: c.multiply(Decimal("1e99"), 10)),
             (FloatOperation, lambda c: c.create_decimal(0.5)), (Clamped, lambda c: c.create_decimal("0e999")), (Subnormal, lambda c: c.plus(Decimal("1e-100")))]
    for _ in range(40):
        shared = Context(prec=5, Emin=-99, Emax=99, traps=[])

        def work(i, rng):
            mine = meets[i::s.threads]
            for n in range(20):
                for signal, meet in mine:
                    meet(shared)
                    s.check(shared.flags[signal], signal.__name__, "is lost")
        s.together(work)
        for signal, _ in meets:
            s.check(shared.flags[signal], signal.__name__, "was lost")
        s.check(shared.flags[Underflow] is False and not any(shared.traps.values()), "what nobody meets")


def traps_of_one_context(s):
    """Flags and traps that threads set and clear for themselves alone are as each has left them."""
    shared = Context(traps=[])

    def work(i, rng):
        mine = SIGNALS[i::s.threads]
        for n in range(300):
            for signal in mine:
                wanted = bool(rng.randrange(2))
                shared.traps[signal] = wanted
                shared.flags[signal] = not wanted
                s.check(shared.traps[signal] == wanted and shared.flags[signal] != wanted, signal.__name__)
                s.check(dict(shared.traps.items())[signal] == wanted and (f"{signal.__name__}" in repr(shared)), "what a context shows")
            for signal in mine:
                shared.traps[signal] = False
    s.together(work)


def settings_of_one_context(s):
    """Whoever computes while another changes a setting has the old one or the new one."""
    shared = Context(prec=4, rounding=ROUND_DOWN)
    thirds = {Context(prec=p, rounding=r).divide(2, 3) for p in (4, 9, 40) for r in (ROUND_UP, ROUND_DOWN)}

    def work(i, rng):
        for n in range(600):
            if i % 2:
                shared.prec = rng.choice((4, 9, 40))
                shared.rounding = rng.choice((ROUND_UP, ROUND_DOWN))
            else:
                s.check(shared.divide(2, 3) in thirds, "rounded to what was set")
                s.check(shared.copy().prec in (4, 9, 40) and Context.__reduce__(shared)[1][0] in (4, 9, 40), "copied")
    s.together(work)


def contexts_of_each_thread(s):
    exact = {p: Context(prec=p).divide(1, 7) for p in range(1, 60)}
    given = Context(prec=17)

    def nested(rng, depth):
        p = rng.randrange(1, 60)
        with localcontext(prec=p) as own:
            s.check(getcontext() is own and Decimal(1) / 7 == exact[p], "a context of its own")
            if depth:
                nested(rng, depth - 1)
            s.check(getcontext() is own and Decimal(1) / 7 == exact[p], "back in it")

    def work(i, rng):
        setcontext(Context(prec=11 + i))
        for n in range(60):
            nested(rng, 4)
            s.check(Decimal(1) / 7 == exact[11 + i] and getcontext().prec == 11 + i, "the thread's")
            elsewhere = contextvars.copy_context()
            s.check(elsewhere.run(lambda: (setcontext(given), Decimal(1) / 7)[1]) == exact[17] and Decimal(1) / 7 == exact[11 + i], "another context")
            s.check(elsewhere.run(lambda: Decimal(1) / 7) == exact[17], "entered again")
            setcontext(getcontext().copy())
    s.together(work)


main(shared_numbers, flags_of_one_context, traps_of_one_context, settings_of_one_context, contexts_of_each_thread)
