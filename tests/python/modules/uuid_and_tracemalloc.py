# uuid over _uuid; tracemalloc's switches, limits and errors (not its traces).
import _uuid
import gc
import subprocess
import sys
import tracemalloc
import uuid

text, status = _uuid.generate_time_safe()
print(type(text), len(text), status in (0, -1), _uuid.has_uuid_generate_time_safe, hasattr(_uuid, "UuidCreate"))
made = {uuid.uuid1() for _ in range(200)}
print(len(made), {u.version for u in made}, {u.variant for u in made}, len({u.node for u in made}))
for call in (lambda: _uuid.generate_time_safe(1), lambda: _uuid.generate_time_safe(x=1)):
    try:
        call()
    except TypeError as e:
        print(e)

print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
for argument in (0, -1, 65536, 1 << 40, 1 << 80, "1", None):
    try:
        tracemalloc.start(argument)
    except Exception as e:
        print(repr(argument)[:30], type(e).__name__, e if argument != 1 << 80 else "")
print(tracemalloc.is_tracing())
tracemalloc.start(7)
tracemalloc.start(3)  # nothing: it runs
print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())
gc.collect()  # what is dead now is not to be freed below
gc.collect()
tracemalloc.clear_traces()
before = tracemalloc.get_traced_memory()[0]
kept = [bytearray(100_000) for _ in range(100)]
now, peak = tracemalloc.get_traced_memory()
print(now - before > 8_000_000, now <= peak)
del kept
gc.collect()
later, peak = tracemalloc.get_traced_memory()
print(later <= now <= peak)
tracemalloc.reset_peak()
after, peak = tracemalloc.get_traced_memory()
print(peak - after < 1_000_000)
tracemalloc.clear_traces()
print(tracemalloc.get_traced_memory()[0] < 1_000_000)
tracemalloc.stop()
print(tracemalloc.is_tracing(), tracemalloc.get_traced_memory(), tracemalloc.get_traceback_limit())
print(tracemalloc.get_object_traceback(object()), type(tracemalloc.get_tracemalloc_memory()))
try:
    tracemalloc.take_snapshot()
except RuntimeError as e:
    print(e)

program = "import tracemalloc as t; print(t.is_tracing(), t.get_traceback_limit())"
for option in ("tracemalloc", "tracemalloc=", "tracemalloc=0", "tracemalloc=12", "tracemalloc=-3", "tracemalloc=x"):
    result = subprocess.run([sys.executable, "-X", option, "-c", program], capture_output=True)
    print(option, result.returncode == 0, result.stdout, b"invalid number of frames" in result.stderr)
for value in ("", "0", "5", "-1", "70000000000"):
    environment = {"PYTHONTRACEMALLOC": value}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment)
    print(repr(value), result.returncode == 0, result.stdout, b"invalid number of frames" in result.stderr)
