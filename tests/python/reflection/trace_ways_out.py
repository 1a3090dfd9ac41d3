# The lines that a trace function sees, and those of tracebacks, where statements are left by way of finally bodies,
# with statements and loops.
import sys
import traceback


class cm:
    def __init__(self, swallow=False):
        self.s = swallow

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return self.s


def throw(e=ValueError):
    raise e


def f_return_try():
    try:
        return 1
    finally:
        x = 2


def f_return_finally():
    try:
        x = 1
    finally:
        return 2


def f_return_both():
    try:
        return 1
    finally:
        return 2


def f_raise_return_finally():
    try:
        throw()
    finally:
        return 2


def f_raise_finally():
    try:
        throw()
    finally:
        x = 3


def f_loop_break():
    for i in range(3):
        try:
            if i == 1:
                break
        finally:
            x = i
    return x


def f_loop_continue():
    for i in range(3):
        try:
            if i == 1:
                continue
            y = 1
        finally:
            x = i
    return x


def f_loop_break_finally():
    for i in range(3):
        try:
            y = 1
        finally:
            if i:
                break
            x = i
    return x


def f_loop_continue_finally():
    for i in range(3):
        try:
            throw()
        finally:
            x = 1
            continue
    return x


def f_loop_break_finallythrow():
    for i in range(3):
        try:
            throw()
        finally:
            break
    return 1


def f_while_break():
    n = 0
    while True:
        try:
            n += 1
            if n > 2:
                break
            continue
        finally:
            n += 1
    return n


def f_while_else():
    n = 0
    while n < 3:
        try:
            n += 1
        finally:
            pass
    else:
        n = 10
    return n


def f_nested():
    try:
        try:
            throw()
        finally:
            x = 1
    except ValueError:
        y = 2
    finally:
        z = 3
    return z


def f_nested_return():
    for i in range(2):
        try:
            try:
                return i
            finally:
                x = 1
        finally:
            y = 2


def f_except_else_finally():
    try:
        x = 1
    except ValueError:
        x = 2
    else:
        x = 3
    finally:
        x = 4
    return x


def f_except_as():
    try:
        throw()
    except ValueError as e:
        x = e
    finally:
        y = 1
    return 1


def f_except_as_return():
    try:
        throw()
    except ValueError as e:
        return 5
    finally:
        y = 1


def f_exceptthrow():
    try:
        throw()
    except ValueError as e:
        raise KeyError
    finally:
        y = 1


def f_except_nomatch():
    try:
        throw()
    except (KeyError,
            TypeError):
        x = 1
    except IndexError:
        x = 2
    finally:
        y = 3


def f_finallythrow():
    try:
        throw()
    finally:
        throw(KeyError)


def f_with():
    with cm():
        x = 1
    return x


def f_with_return():
    with cm():
        return 1


def f_withthrow():
    with cm():
        throw()


def f_with_swallow():
    with cm(True):
        throw()
    return 1


def f_with_swallow_end():
    with cm(True):
        throw()


def f_with_break():
    for i in range(3):
        with cm():
            if i:
                break
    return i


def f_with_continue():
    for i in range(3):
        with cm():
            if i:
                continue
            x = 1
    return i


def f_with_two():
    with cm() as a, \
         cm() as b:
        x = 1
    return 1


def f_with_paren():
    with (
        cm() as a,
        cm() as b,
    ):
        throw()


def f_with_in_finally():
    try:
        throw()
    finally:
        with cm():
            x = 1


def f_finally_loop():
    try:
        return 1
    finally:
        for i in range(2):
            if i == 0:
                continue
            x = i


def f_finally_while():
    try:
        x = 0
    finally:
        while x < 3:
            x += 1
            if x == 2:
                break
    return x


def f_finally_pass():
    try:
        pass
    finally:
        pass


def f_try_passthrow():
    try:
        throw()
    except ValueError:
        pass


def f_try_pass_raise_2():
    try:
        throw()
    except ValueError:
        pass
    finally:
        pass
    x = 1


def f_gen():
    try:
        yield 1
        yield 2
    finally:
        x = 1


def f_gen_for():
    for i in range(2):
        try:
            yield i
        finally:
            x = 1


def f_if_try():
    x = 1
    if x:
        try:
            y = 2
        finally:
            z = 3
    else:
        w = 4


def f_try_if_return():
    try:
        if True:
            return 1
        else:
            return 2
    finally:
        if 1:
            x = 2
        y = 3


def f_star():
    try:
        raise ExceptionGroup("a", [ValueError(), KeyError()])
    except* ValueError as e:
        x = 1
    except* KeyError:
        y = 2
    finally:
        z = 1
    return 1


def f_return_none_finally():
    try:
        return
    finally:
        x = 1


def f_for_else_break():
    for i in range(3):
        try:
            if i == 1:
                break
        except ValueError:
            pass
        else:
            y = 1
        finally:
            z = 1
    else:
        w = 1
    return 2


def f_while_return_finally():
    while True:
        try:
            throw()
        except ValueError:
            continue
        finally:
            return 7


def f_assert_in_finally():
    try:
        x = 1
    finally:
        assert x == 2


def f_del_in_finally():
    try:
        x = 1
    finally:
        del x
        y = x


def f_deep():
    for a in range(2):
        for b in range(2):
            try:
                with cm():
                    try:
                        if b:
                            break
                        if a:
                            continue
                    finally:
                        c = 1
            finally:
                d = 1
    return c


def f_match():
    try:
        match 3:
            case 1:
                x = 1
            case 2 | 3:
                return 4
            case _:
                x = 3
    finally:
        y = 1


def g_plain():
    n = 0
    while True:
        n += 1
        if n < 3:
            continue
        if n > 4:
            break
        n += 1
    return n


def g_try():
    n = 0
    while True:
        try:
            n += 1
            if n < 3:
                continue
            if n > 4:
                break
        finally:
            n += 1
    return n


def g_try_first_not():
    n = 0
    while True:
        n += 1
        try:
            if n < 3:
                continue
            if n > 4:
                break
        finally:
            n += 1
    return n


def g_except():
    n = 0
    while True:
        try:
            n += 1
            if n < 3:
                raise KeyError
            if n > 4:
                break
        except KeyError:
            continue
    return n


def g_with():
    n = 0
    while 1:
        with open('/dev/null'):
            n += 1
            if n < 3:
                continue
            if n > 4:
                break
    return n


def g_for_return(seq=range(3)):
    for i in seq:
        try:
            if i:
                return i
        finally:
            x = 1


def g_for_return_const(seq=range(3)):
    for i in seq:
        try:
            if i:
                return 5
        finally:
            x = 1


def g_for_return_with(seq=range(3)):
    for i in seq:
        with open('/dev/null'):
            return i


def g_for_return_handler(seq=range(3)):
    for i in seq:
        try:
            raise KeyError
        except KeyError as e:
            return i


def g_for_for_return(seq=range(3)):
    for i in seq:
        for j in seq:
            try:
                return (i,
                        j)
            finally:
                x = 1


def g_while_false():
    while 0:
        x = 1
    try:
        return 2
    finally:
        while False:
            x = 2


def g_if_const():
    try:
        if 0:
            x = 1
        elif 1:
            x = 2
    finally:
        if True:
            pass
        else:
            y = 1
    return x


def g_exc_in_with_two():
    try:
        with open('/dev/null') as a, open('/dev/null') as b:
            raise KeyError
    except KeyError:
        pass
    return 1


def g_finally_try():
    try:
        raise KeyError
    finally:
        try:
            raise ValueError
        except ValueError:
            return 3


def g_finally_finally():
    for i in range(2):
        try:
            raise KeyError
        finally:
            try:
                continue
            finally:
                x = i
    return x


def g_gen_return():
    for i in range(3):
        try:
            yield i
            if i:
                return
        finally:
            x = 1


def g_nested_except():
    try:
        try:
            raise KeyError
        except KeyError:
            raise ValueError
        finally:
            x = 1
    except ValueError as e:
        y = e
    return 1


def g_global_in_finally():
    global GG
    try:
        GG = 1
    finally:
        del GG
    return 2


def show(function):
    first, events = function.__code__.co_firstlineno, []

    def lines_of(error):
        return [line - first for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code is function.__code__]

    def trace(frame, event, arg):
        if frame.f_code is not function.__code__ and frame.f_code not in (throw.__code__, cm.__exit__.__code__):
            return None
        name = "" if frame.f_code is function.__code__ else frame.f_code.co_name + ":"
        start = first if not name else frame.f_code.co_firstlineno
        events.append("%s%s%d" % (name, event[:2], frame.f_lineno - start))
        return trace

    sys.settrace(trace)
    try:
        result = function()
        if hasattr(result, "__next__"):
            result = list(result)
    except Exception as error:
        sys.settrace(None)
        result = type(error).__name__, lines_of(error)
        if error.__context__:
            result += lines_of(error.__context__),
    finally:
        sys.settrace(None)
    print(function.__name__, result)
    print("   ", *events)


for name, function in list(globals().items()):
    if name.startswith(("f_", "g_")):
        show(function)
