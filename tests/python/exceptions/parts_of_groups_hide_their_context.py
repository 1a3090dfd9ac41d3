# What split(), subgroup() and except* make of a group has the group's cause and context, and does not show the context.
import traceback


def describe(error):
    if error is None:
        return None
    found = [repr(error), error.__suppress_context__, repr(error.__cause__), describe(error.__context__)]
    if isinstance(error, BaseExceptionGroup):
        found.append([describe(each) for each in error.exceptions])
    return found


def naked_twice():
    try:
        try:
            raise KeyError(1)
        except* KeyError:
            raise
    except* ValueError:
        pass


def raised_again():
    try:
        raise ExceptionGroup("g", [KeyError(1), ValueError(2)])
    except* KeyError:
        raise


def another_raised():
    try:
        raise ExceptionGroup("g", [KeyError(1), ValueError(2)])
    except* KeyError:
        raise TypeError(3)


def with_cause():
    try:
        raise ExceptionGroup("g", [KeyError(1), ValueError(2)]) from OSError(1)
    except* KeyError:
        pass


def in_a_context():
    try:
        1 / 0
    except ZeroDivisionError:
        try:
            raise ExceptionGroup("g", [KeyError(1), ValueError(2)])
        except* KeyError:
            pass


for f in naked_twice, raised_again, another_raised, with_cause, in_a_context:
    try:
        f()
    except BaseException as error:
        print(f.__name__, describe(error))
        print("".join(traceback.format_exception(error)))

group = ExceptionGroup("g", [KeyError(1), ValueError(2)])
for suppressed in False, True:
    group.__suppress_context__ = suppressed
    print([part.__suppress_context__ for part in group.split(KeyError)], group.subgroup(KeyError).__suppress_context__)
group.__cause__ = OSError(5)
print([(part.__suppress_context__, part.__cause__) for part in group.split(KeyError)])
