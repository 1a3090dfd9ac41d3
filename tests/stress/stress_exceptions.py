# SPDX-License-Identifier: MIT
"""Exceptions in all threads: each thread has its own current exception, tracebacks and chains stay right."""
import sys
from _stress import main


def own_current_exception(s):
    def work(i, rng):
        for n in range(500):
            try:
                raise ValueError(i, n)
            except ValueError as error:
                s.check(error.args == (i, n) and sys.exc_info()[1] is error, "another thread's exception")
                try:
                    {}[i]
                except KeyError as inner:
                    s.check(inner.__context__ is error and inner.args == (i,), "context")
            s.check(sys.exc_info() == (None, None, None), "left over")
    s.together(work)


def deep_raise(s):
    def down(k, i):
        if k == 0:
            raise IndexError(i)
        try:
            down(k - 1, i)
        finally:
            k += 1

    def work(i, rng):
        for n in range(60):
            try:
                down(30, i)
            except IndexError as error:
                depth, tb = 0, error.__traceback__
                while tb:
                    depth, tb = depth + 1, tb.tb_next
                s.check(depth == 32 and error.args == (i,), "traceback depth", depth)
    s.together(work)


def one_exception_raised_by_all(s):
    shared = RuntimeError("shared")

    def work(i, rng):
        for n in range(200):
            try:
                raise shared
            except RuntimeError as error:
                s.check(error is shared, "identity")
                shared.__traceback__ = None
    s.together(work)
    shared.__traceback__ = None


def with_and_generators(s):
    class Manager:
        def __enter__(self):
            return self

        def __exit__(self, kind, value, tb):
            self.kind = kind
            return True

    def numbers():
        try:
            yield 1
            yield 2
        except ZeroDivisionError:
            yield "caught"

    def work(i, rng):
        for n in range(200):
            with Manager() as m:
                1 / 0
            s.check(m.kind is ZeroDivisionError, "kind")
            g = numbers()
            next(g)
            s.check(g.throw(ZeroDivisionError()) == "caught", "throw")
            try:
                raise ValueError from KeyError(i)
            except ValueError as error:
                s.check(error.__cause__.args == (i,), "cause")
    s.together(work)


main(own_current_exception, deep_raise, one_exception_raised_by_all, with_and_generators)
