import threading
out = []


def work(n, k=0): out.append((n, k, threading.current_thread().name))


ts = [threading.Thread(target=work, args=(i,), kwargs={"k": i * 2}, name="worker-%d" % i) for i in range(4)]
for t in ts: t.start()
for t in ts: t.join()
print(sorted(out), [t.is_alive() for t in ts], threading.active_count(), threading.current_thread() is threading.main_thread(), threading.main_thread().name, ts[0].daemon, ts[0].ident is not None, threading.Thread(target=print).name.startswith("Thread-"), threading.get_ident() == threading.main_thread().ident)


class T(threading.Thread):
    def __init__(self): super().__init__(); self.result = None
    def run(self): self.result = sum(range(1000))


t = T(); t.start(); t.join(); print(t.result, repr(t).split(",")[0])
for f in (lambda: t.start(), lambda: threading.Thread(target=print).join(), lambda: threading.current_thread().join(), lambda: threading.Thread(5), lambda: setattr(t, "daemon", 1) or T().__class__ and setattr(threading.main_thread(), "daemon", True)):
    try:
        f()
        print("ok")
    except Exception as e:
        print(type(e).__name__, e)
d = threading.Thread(target=lambda: threading.Event().wait(300), daemon=True); d.start(); print(d.is_alive(), d.daemon, len(threading.enumerate())); d.join(0.01); print(d.is_alive())
tm = threading.Timer(0.01, out.append, ["timer"]); tm.start(); tm.join(); print(out[-1]); tm = threading.Timer(100, print); tm.start(); tm.cancel(); tm.join()
loc = threading.local(); loc.x = 1; seen = []
t = threading.Thread(target=lambda: seen.append(hasattr(loc, "x"))); t.start(); t.join(); print(seen, loc.x)
