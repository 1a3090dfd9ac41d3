def get(f):
    try:
        f()
    except BaseException as e:
        return e


e = get(lambda: {}["key"])
print(e.args, str(e), repr(e))
e = get(lambda: open("/nonexistent/file"))
print(e.errno, e.strerror, e.filename, e.args, str(e), type(e).__name__, e.filename2)
e = get(lambda: int.nope)
print(e.name, e.obj is int)
e = get(lambda: nope)
print(e.name)
e = get(lambda: __import__("no_such_module_xyz"))
print(type(e).__name__, e.name, e.path, e)
e = get(lambda: next(iter([])))
print(repr(e), e.value)
e = get(lambda: b"\xff".decode("utf-8"))
print(e.encoding, e.object, e.start, e.end, e.reason, "|", e)
e = get(lambda: "aé".encode("ascii"))
print(e.encoding, ascii(e.object), e.start, e.end, e.reason, "|", ascii(str(e)))
e = get(lambda: compile("a b", "f.py", "exec"))
print(e.msg, e.filename, e.lineno, e.offset, repr(e.text), e.end_lineno, e.end_offset, e.args[0])
import sys
e = get(lambda: sys.exit(3))
print(e.code, e.args, repr(e))
print(get(sys.exit).code, repr(StopIteration(1, 2).value), StopIteration().value)
print(OSError(2, "No such file", "f"), OSError("just text"), repr(OSError(13, "x")), type(OSError(17, "x")).__name__)
print(OSError(2, "m", "a", None, "b"), OSError().errno)
print(ImportError("m", name="n", path="p").name, repr(KeyError("a", "b")), KeyError("a", "b"), KeyError())
print(str(UnicodeDecodeError("utf-8", b"abc", 1, 2, "why")), SyntaxError("only msg").msg)
for bad in (lambda: UnicodeDecodeError(1), lambda: ImportError(bad=1), lambda: KeyError(x=1), lambda: SyntaxError("m", (1,))):
    print(repr(get(bad)))
