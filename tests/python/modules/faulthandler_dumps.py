# faulthandler: dumps now, later, on a signal; messages.
import faulthandler, sys, os, tempfile, time, threading, signal
f=tempfile.TemporaryFile()
def g(): faulthandler.dump_traceback(f, all_threads=False)
g(); f.seek(0); print(f.read().decode().replace(__file__,'F'))
f.seek(0); f.truncate()
faulthandler.dump_traceback_later(0.05, file=f)
while b'File' not in (t:=os.pread(f.fileno(), 1000, 0)): time.sleep(0.01)
faulthandler.cancel_dump_traceback_later() # waits for the end of the dump
print(t.decode().split('\n')[0])
print(faulthandler.is_enabled()); faulthandler.enable(); print(faulthandler.is_enabled(), faulthandler.disable(), faulthandler.disable())
faulthandler.register(signal.SIGUSR1, f); f.seek(0); f.truncate(); os.kill(os.getpid(), signal.SIGUSR1); f.seek(0); print('most recent call first' in f.read().decode(), faulthandler.unregister(signal.SIGUSR1), faulthandler.unregister(signal.SIGUSR1))
for c in [lambda: faulthandler.register(signal.SIGSEGV), lambda: faulthandler.dump_traceback_later(0), lambda: faulthandler.dump_traceback(-1), lambda: faulthandler.dump_traceback_later('a')]:
    try: c()
    except Exception as e: print(type(e).__name__, e)
