# frame.f_lineno = n where the way is barred, where a finally clause stands more than once, and in a module.
import sys


class Jump:
    """A trace function that sends frames of `name` from one line to another, once."""

    def __init__(self, name, source, target):
        self.name, self.source, self.target, self.said = name, source, target, None

    def __call__(self, frame, event, argument):
        code = frame.f_code
        if code.co_name == self.name and event == "line" and self.said is None:
            if frame.f_lineno - code.co_firstlineno == self.source:
                self.said = "jumped"
                try:
                    frame.f_lineno = code.co_firstlineno + self.target
                except ValueError as error:
                    self.said = str(error)
        return self


def go(function, source, target, run=None):
    jump, log = Jump(function.__name__, source, target), []
    sys.settrace(jump)
    try:
        run(function(log)) if run else function(log)
    except Exception as error:
        log.append(type(error).__name__)
    finally:
        sys.settrace(None)
    print(function.__name__, source, target, jump.said, log)


def complete(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        pass


async def numbers():
    yield 1
    yield 2


async def looping(log):
    log.append("a")
    async for n in numbers():
        log.append(n)
        log.append(-n)
    log.append("b")


for source, target in (1, 3), (5, 3), (3, 4), (3, 5), (5, 2), (4, 3), (1, 5):
    go(looping, source, target, complete)


def in_finally(log):
    try:
        log.append(2)
        1 / 0
        return
    finally:
        log.append(6)
        log.append(7)
    log.append(8)


for source, target in (6, 7), (6, 8), (2, 7), (6, 2):
    go(in_finally, source, target)


def nested_finally(log):
    try:
        log.append(2)
        if len(log) < 9:
            return
    finally:
        log.append(6)
        try:
            log.append(8)
        finally:
            log.append(10)
        log.append(11)
    log.append(12)


for source, target in (6, 11), (6, 10), (8, 11):
    go(nested_finally, source, target)


def bare(log):
    try:
        log.append(2)
    except:
        log.append(4)
        raise


for source, target in (2, 3), (2, 4), (1, 5):
    go(bare, source, target)


def managed(log):
    log.append(1)
    with open("/dev/null"):
        log.append(3)
    log.append(4)


for source, target in (1, 3), (4, 3), (3, 4):
    go(managed, source, target)



def made(log):
    log.append(1)
    yield
    log.append(3)


for source, target in (1, 0), (3, 0), (3, 1), (1, 3):
    go(made, source, target, lambda generator: list(generator))

code = compile("\n# a comment first\nlog.append(3)\nlog.append(4)\nlog.append(5)\n", "made up", "exec")
jump, log = Jump("<module>", 4, 1), []
sys.settrace(jump)
exec(code, {"log": log})
sys.settrace(None)
print(jump.said, log)
