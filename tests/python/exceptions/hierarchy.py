def tree(c, depth=0, seen=set()):
    if c in seen or c.__module__ != "builtins":
        return
    seen.add(c)
    print("  " * depth + c.__name__)
    for s in sorted(c.__subclasses__(), key=lambda k: k.__name__):
        tree(s, depth + 1)


tree(BaseException)
print(EnvironmentError is OSError, IOError is OSError)
