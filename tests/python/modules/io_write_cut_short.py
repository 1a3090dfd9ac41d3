# A write that a signal cuts short runs the handler before it returns.
import io
import os
import signal
import threading


class Interrupted(Exception):
    pass


def handler(number, frame):
    raise Interrupted


signal.signal(signal.SIGALRM, handler)
data = b"x" * (1 << 23)


def attempt(write_to):
    reading, writing = os.pipe()
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    thread = threading.Thread(target=os.read, args=(reading, 1))
    thread.start()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    outcome = "returned"
    try:
        try:
            write_to(writing)
            outcome = "came back"
        except Interrupted:
            outcome = "interrupted in the write"
    except Interrupted:
        outcome = "interrupted too late"
    print(outcome)
    thread.join()
    os.close(reading)
    os.close(writing)


attempt(lambda fd: os.write(fd, data))
attempt(lambda fd: open(fd, "wb", buffering=0, closefd=False).write(data))
