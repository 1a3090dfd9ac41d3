def run(fail, fail_in_else=False, fail_in_handler=False):
    log = []
    try:
        try:
            log.append("try")
            if fail:
                raise fail
        except ValueError as e:
            log.append("except")
            if fail_in_handler:
                raise IndexError("handler")
        else:
            log.append("else")
            if fail_in_else:
                raise KeyError("else")
        finally:
            log.append("finally")
        log.append("after")
    except Exception as e:
        log.append(repr(e) + " ctx " + repr(e.__context__))
    return log


print(run(None))
print(run(ValueError("v")))
print(run(TypeError("t")))
print(run(None, fail_in_else=True))
print(run(ValueError("v"), fail_in_handler=True))


def loops():
    out = []
    for i in range(6):
        try:
            if i == 1:
                continue
            if i == 4:
                break
            if i == 3:
                raise ValueError
        except ValueError:
            out.append("e%d" % i)
            continue
        else:
            out.append("l%d" % i)
        finally:
            out.append("f%d" % i)
        out.append("end%d" % i)
    else:
        out.append("never")
    return out


print(loops())


def while_finally():
    n = 0
    while True:
        try:
            n += 1
            if n < 3:
                continue
            return n
        finally:
            n += 10


print(while_finally())
