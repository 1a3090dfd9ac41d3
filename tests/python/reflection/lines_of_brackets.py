# A statement that is an expression in brackets: the lines of the brackets have no code.
import sys


def calls(log):
    (
        log.append(1)
    )
    ((
        log.copy()
    ).append(
        2
    ))
    (
        3
    )
    (

        log[0]
    )
    log.append(4)


lines = [line - calls.__code__.co_firstlineno for _, _, line in calls.__code__.co_lines() if line is not None]
print([line for line, before in zip(lines, [-1] + lines) if line != before])
events = []


def tracer(frame, event, argument):
    if frame.f_code is calls.__code__:
        events.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return tracer


sys.settrace(tracer)
calls([])
sys.settrace(None)
print(events)
