import builtins
names = [n for n in dir(builtins) if not n.startswith("_") and n not in ("copyright", "credits", "license", "help", "exit", "quit", "aiter", "anext")]
print(len(names))
print(*names, sep="\n")
print(__build_class__.__name__, __import__.__name__, builtins.__name__, __name__)
