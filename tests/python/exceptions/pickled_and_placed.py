# Exceptions whose fields are not all in args survive pickling and copying; marks of syntax errors stay within the line.
import copy
import pickle
import sys

for error in (OSError(2, "text", "name"), OSError(2, "text", "a", None, "b"), OSError("foo", "bar", "baz"), OSError(1),
              ImportError("m"), ImportError("m", name="n"), ModuleNotFoundError("m", name="n", path="p"), ImportError("m", path="p")):
    error.extra = 1
    for other in (copy.copy(error), pickle.loads(pickle.dumps(error)), pickle.loads(pickle.dumps(error, 0))):
        print(type(other).__name__, other.args, other.extra,
              [getattr(other, name, "-") for name in ("filename", "filename2", "errno", "name", "path", "msg")])
e = ImportError("m", name="n", path="p")
e.__init__()
print(e.args, e.msg, e.name, e.path)
print(e.__reduce__())


class A:
    blech = None

    def __getattr__(self, name):
        raise AttributeError


try:
    A().bluch
except AttributeError as error:
    print(error.name, type(error.obj).__name__)
sys.stderr = sys.stdout
for where in ((1, 2, 1, 7), (1, 2, 1, 3), (1, 2, 1, -2), (1, 4, 1, 2), (1, -4, 1, -2), (1, 0, 1, 5), (1, 2, 1, 100), (1, 8, 1, 9)):
    error = SyntaxError("bad", ("bad.py", where[0], where[1], "abcdefg", where[2], where[3]))
    sys.__excepthook__(SyntaxError, error, None)
