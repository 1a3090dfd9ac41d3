import _thread, time
done = _thread.allocate_lock(); done.acquire(); log = []


def f(a, b=0): log.append((a, b, _thread.get_ident() != main)); done.release()


main = _thread.get_ident()
i = _thread.start_new_thread(f, (1,), {"b": 2}); done.acquire(); print(log, type(i).__name__, repr(done).split(" at")[0].replace("<", ""), _thread.LockType.__name__, _thread.error is RuntimeError)
for g in (lambda: _thread.start_new_thread(5, ()), lambda: _thread.start_new_thread(f, 5), lambda: _thread.start_new_thread(f, (), 5), lambda: _thread.allocate_lock().release(), lambda: _thread.start_new_thread(f)):
    try:
        g()
    except (TypeError, RuntimeError) as e:
        print(type(e).__name__, e)
print(_thread.TIMEOUT_MAX > 1e6, _thread._count() >= 0, _thread.stack_size(), _thread.RLock().acquire(), _thread.get_native_id() > 0)
_thread.start_new_thread(lambda: (_thread.exit(), log.append("never")), ()); time.sleep(0.02); print(len(log))
try:
    _thread.interrupt_main(); time.sleep(1); print("not interrupted")
except KeyboardInterrupt:
    print("interrupted")
