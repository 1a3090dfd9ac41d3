# The line of a frame that an exception has left (tb_frame.f_lineno, unlike tb_lineno) is that of what raised it last:
# a raise statement, the last line of a finally clause, the clause that did not match. Traced or not.
import sys


def lines(function, x):
    events, out = [], []
    first = function.__code__.co_firstlineno

    def tracer(frame, event, arg):
        if frame.f_code is function.__code__:
            events.append(event[0] + str(frame.f_lineno - first))
            return tracer

    for traced in (False, True):
        if traced:
            sys.settrace(tracer)
        try:
            function(x)
        except BaseException as e:
            sys.settrace(None)
            traceback = e.__traceback__
            while traceback:
                if traceback.tb_frame.f_code is function.__code__:
                    out.append((traceback.tb_lineno - first, traceback.tb_frame.f_lineno - first))
                traceback = traceback.tb_next
    return out, " ".join(events)


def if_last(x):
    try:
        1/0
    finally:
        if x:
            y = 1


def for_else(x):
    try:
        1/0
    finally:
        for i in x:
            y = 1
        else:
            y = 2


def while_last(x):
    try:
        1/0
    finally:
        while x:
            y = 1
            break


def with_last(x):
    try:
        1/0
    finally:
        with open("/dev/null"):
            y = 1


def no_clause(x):
    try:
        1/0
    except KeyError:
        if x:
            y = 1


def named_handler(x):
    try:
        try:
            1/0
        except ZeroDivisionError as e:
            if x:
                raise
            else:
                raise e
    finally:
        def g():
            y = 1


def function_last(x):
    try:
        1/0
    finally:
        class g:
            y = 1


def failing_clause(x):
    try:
        1/0
    except x or KeyError as e:
        try: pass
        finally:
            y = 1


def raise_statement(x):
    try:
        1/0
    except ZeroDivisionError:
        y = 1
        raise


def two_finally(x):
    try:
        try:
            1/0
        finally:
            if x:
                y = 1
            else:
                y = 2
    finally:
        z = 1
        y = 2


def on_one_line(x):
    try:
        1/0
    finally:
        if x: y = 1; z = 2


def pass_last(x):
    try:
        1/0
    finally:
        pass


def many_clauses(x):
    try:
        1/0
    except KeyError: pass
    except IndexError: y = 1
    except (AttributeError,
        RuntimeError): y = 2


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


def managed(x):
    with Manager():
        try:
            [][1]
        except IndexError:
            y = 1
        1/0


for function in (if_last, for_else, while_last, with_last, no_clause, named_handler, function_last, failing_clause, raise_statement, two_finally, on_one_line, pass_last, many_clauses, managed):
    for x in ((), (1,)):
        print(function.__name__, x, *lines(function, x))
