import threading


def gen():
    for i in range(10):
        yield i, threading.current_thread().name


g, out = gen(), []


def step(): out.append(next(g))


for n in range(4):
    t = threading.Thread(target=step, name="t%d" % n); t.start(); t.join()
print(out, next(g))


def make():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc


inc = make()
for _ in range(5):
    t = threading.Thread(target=inc); t.start(); t.join()
print(inc())
try:
    raise ValueError("main")
except ValueError:
    import sys
    seen = []
    t = threading.Thread(target=lambda: seen.append(sys.exc_info())); t.start(); t.join()
    print(seen)
