# A signal's handler runs in the midst of a match that would take for ever.
import re
import signal


class Stop(Exception):
    pass


def stop(number, frame):
    raise Stop


signal.signal(signal.SIGALRM, stop)
for pattern, text in (("(x+x+)+y", "x" * 80), ("(?:(?:a|b)*?c?)*d", "ab" * 40), (r"(.*?,){11,}P|(x?){40}x{40}!", "x" * 40)):
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        re.match(pattern, text)
        print("came to an end")
    except Stop:
        print("stopped")
calls = []
signal.signal(signal.SIGALRM, lambda number, frame: calls.append(re.sub("(a)", r"<\1>", "banana")))
signal.setitimer(signal.ITIMER_REAL, 0.01)
while not calls:
    re.match("(x+x+)+y", "x" * 14)
print(calls)
