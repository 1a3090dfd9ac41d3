def f():
    exit(4)


try:
    f()
except Exception:
    print("not an Exception")
