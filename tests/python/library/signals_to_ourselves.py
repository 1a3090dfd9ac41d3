# A handler has run when the call that sent the signal to this very process is over.
import os
import signal
import threading

seen = []
signal.signal(signal.SIGUSR1, lambda number, frame: seen.append(number))
descriptor = os.pidfd_open(os.getpid())
for send in (lambda n: os.kill(os.getpid(), n), signal.raise_signal, lambda n: signal.pidfd_send_signal(descriptor, n),
             lambda n: signal.pthread_kill(threading.get_ident(), n)):
    try:
        send(signal.SIGINT)
        print("went on")
    except KeyboardInterrupt:
        print("interrupted")
    (send(signal.SIGUSR1), seen.append("after"))
print([s == signal.SIGUSR1 if s != "after" else s for s in seen])
os.close(descriptor)
