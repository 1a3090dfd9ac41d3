import time
a, b = time.monotonic(), time.monotonic()
print(a <= b, time.perf_counter() <= time.perf_counter(), time.time() > 1.6e9, type(time.time_ns()).__name__, time.process_time() >= 0, time.thread_time() >= 0, type(time.monotonic_ns()).__name__, type(time.perf_counter_ns()).__name__)
t = time.monotonic(); time.sleep(0.02); print(time.monotonic() - t >= 0.019, time.sleep(0))
for f in (lambda: time.sleep(-1), lambda: time.sleep("a"), lambda: time.sleep(), lambda: time.sleep(float("nan")), lambda: time.gmtime("a")):
    try:
        f()
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
g = time.gmtime(0)
print(g.tm_year, g.tm_mon, g.tm_mday, g.tm_hour, g.tm_yday, g[0], len(g), tuple(g), g, time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(86400 * 365)), time.asctime(g), time.mktime(time.localtime(1000000)), time.gmtime(1e9)[:6], time.timezone, time.localtime(0).tm_isdst)
