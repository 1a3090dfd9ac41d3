# compare: no-stderr
import threading, sys


def fail(): raise ValueError("in thread")


t = threading.Thread(target=fail); t.start(); t.join(); print("main continues", t.is_alive())
caught = []
threading.excepthook = lambda a: caught.append((a.exc_type.__name__, str(a.exc_value), a.thread.name))
t = threading.Thread(target=fail, name="hooked"); t.start(); t.join(); print(caught)
t = threading.Thread(target=sys.exit, args=(3,)); t.start(); t.join(); print("SystemExit in a thread is silent", len(caught))
