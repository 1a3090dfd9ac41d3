# Line and return events where clauses end: an exception that goes on behind a finally clause, one that the clause itself
# raises, and jumps that lead to jumps (the events of what they pass come too, and none of what nobody reaches).
import sys


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return True

    async def __aenter__(self):
        return self

    async def __aexit__(self, *exception):
        return False


def show(x):
    return x


def if_with_call(x):
    try:
        1 / 0
    finally:
        if x:
            show(x)


def if_with_assignment(x):
    try:
        1 / 0
    finally:
        if x:
            y = x


def if_else_with_call(x):
    try:
        1 / 0
    finally:
        if x:
            y = 1
        else:
            show(x)


def if_of_and_with_call(x):
    try:
        1 / 0
    finally:
        if not x and show(x):
            show(x)


def for_last(x):
    try:
        1 / 0
    finally:
        for i in range(x):
            show(i)


def while_last(x):
    try:
        1 / 0
    finally:
        while x:
            x = show(0)


def match_last(x):
    try:
        1 / 0
    finally:
        match x:
            case 0:
                show(x)
            case 1:
                y = 1


def with_last(x):
    try:
        1 / 0
    finally:
        with Manager():
            y = 1 / x


def try_last(x):
    try:
        1 / 0
    finally:
        try:
            y = 1 / x
        except ZeroDivisionError:
            y = 9


def finally_last(x):
    try:
        1 / 0
    finally:
        try:
            y = 1
        finally:
            y = 9


def clause_raises(x):
    try:
        1 / 0
    finally:
        y = 1 / x
        if x:
            y = 2


def clause_raises_before_call(x):
    try:
        1 / 0
    finally:
        y = 1 / x
        show(y)


def clause_raises_before_with(x):
    try:
        1 / 0
    finally:
        y = 1 / x
        with Manager():
            y = 2


def continue_in_try(x):
    for i in range(2):
        if x:
            show(1)
        else:
            show(2)
        try:
            continue
        except ValueError:
            show(3)


def continue_after_try(x):
    for i in range(2):
        try:
            show(1)
        except Exception as e:
            show(2)
        else:
            with Manager():
                pass
        continue


def break_after_break(x):
    for i in range(2):
        try:
            if x:
                break
            else:
                show(1)
        finally:
            if not (x or show(x)):
                show(2)


async def return_that_nobody_reaches(x):
    try:
        match x:
            case _:
                show(1)
    finally:
        try:
            x = 1 / x
        finally:
            async with Manager():
                show(2)
    return
    x = 2


def run(function, x):
    events = []
    first = function.__code__.co_firstlineno

    def tracer(frame, event, arg):
        if frame.f_code is function.__code__:
            events.append(event[0] + str(frame.f_lineno - first))
            return tracer

    sys.settrace(tracer)
    try:
        result = function(x)
        if hasattr(result, "send"):
            result.send(None)
    except Exception as e:
        events.append(type(e).__name__)
    finally:
        sys.settrace(None)
    print(function.__name__, x, *events)


for function in (if_with_call, if_with_assignment, if_else_with_call, if_of_and_with_call, for_last, while_last):
    for x in 0, 1:
        run(function, x)
for function in (match_last, with_last, try_last, finally_last, clause_raises, clause_raises_before_call):
    for x in 0, 1:
        run(function, x)
for function in (clause_raises_before_with, continue_in_try, continue_after_try, break_after_break):
    for x in 0, 1:
        run(function, x)
for x in 0, 1:
    run(return_that_nobody_reaches, x)
