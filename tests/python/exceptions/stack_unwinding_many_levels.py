log = []


def level(n):
    try:
        if n == 0:
            raise ValueError("bottom")
        level(n - 1)
    except KeyError:
        log.append("wrong")
    finally:
        log.append(n)


try:
    level(20)
except ValueError as e:
    print(e, log)
    n, tb = 0, e.__traceback__
    while tb:
        n, tb = n + 1, tb.tb_next
    print(n)


def retry(times):
    for i in range(times):
        try:
            if i < 3:
                raise OSError(i)
            return "ok after", i
        except OSError as e:
            last = e
    return "failed"


print(retry(2), retry(9))


def nested_handlers():
    try:
        try:
            try:
                raise ValueError(1)
            except ValueError as e:
                raise KeyError(2)
        except KeyError as e:
            raise IndexError(3)
    except IndexError as e:
        return repr(e.__context__), repr(e.__context__.__context__), e.__context__.__context__.__context__


print(nested_handlers())
