import sys
import __main__
x = 5
print(__main__.x, __main__ is sys.modules["__main__"], __name__)
print(sys.argv[0].endswith("main_module.py"), len(sys.argv))
if __name__ == "__main__":
    print("guard runs")
print(type(__builtins__).__name__, __doc__, __package__, __annotations__ if "__annotations__" in globals() else "no annotations")
import _plain
print(type(_plain.__dict__["__builtins__"]).__name__)
print(sys.path[0] == __file__.rsplit("/", 1)[0])
