import signal, os, time
log = []
old = signal.signal(signal.SIGUSR1, lambda n, f: log.append((n, f is not None)))
print(old == signal.SIG_DFL); os.kill(os.getpid(), signal.SIGUSR1); time.sleep(0.01); print(log, signal.getsignal(signal.SIGUSR1) is not None)


def boom(n, f): raise KeyError("from handler")


signal.signal(signal.SIGUSR1, boom)
try:
    os.kill(os.getpid(), signal.SIGUSR1); time.sleep(1)
except KeyError as e:
    print(repr(e))
try:
    signal.raise_signal(signal.SIGINT); time.sleep(1)
except KeyboardInterrupt:
    print("KeyboardInterrupt")
