def ret_in_finally():
    try:
        return "try"
    finally:
        return "finally"


def ret_swallows():
    try:
        raise ValueError
    finally:
        return "swallowed"


def break_in_finally():
    for i in range(3):
        try:
            raise KeyError(i)
        finally:
            break
    return "broke", i


def continue_in_finally():
    out = []
    for i in range(3):
        try:
            if i == 1:
                raise KeyError
            out.append(i)
        finally:
            continue
    return out


def return_value_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


def nested():
    log = []
    try:
        try:
            log.append("a")
            return log
        finally:
            log.append("b")
    finally:
        log.append("c")


def loop_return():
    for i in range(5):
        try:
            try:
                if i == 2:
                    return "r%d" % i
                continue
            finally:
                if i == 2:
                    break
        finally:
            pass
    return "after loop", i


def raise_in_finally():
    try:
        try:
            raise ValueError("first")
        finally:
            raise KeyError("second")
    except KeyError as e:
        return repr(e), repr(e.__context__)


def raise_replaces_return():
    try:
        return 1
    finally:
        raise KeyError("replaced")


for f in (ret_in_finally, ret_swallows, break_in_finally, continue_in_finally, return_value_kept, nested, loop_return,
          raise_in_finally, raise_replaces_return):
    try:
        print(f.__name__, f())
    except KeyError as e:
        print(f.__name__, repr(e))
