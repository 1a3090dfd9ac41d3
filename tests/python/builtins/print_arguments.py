import io, sys
print()
print(1, "a", None, [1], sep="-", end="!\n")
print("a", "b", sep="")
print("no newline", end="")
print("", 1, "", sep="|")
print(*range(3), sep=", ")
print("x", end=None, sep=None)
out = io.StringIO()
print("to file", 5, file=out)
print(repr(out.getvalue()))
print("stderr text", file=sys.stderr)
print("flush", flush=True)


class W:
    def write(self, s): sys.stdout.write("<%s>" % s.replace("\n", "\\n"))
    def flush(self): sys.stdout.write("<flush>\n")


print("a", 1, file=W(), flush=True)
for f in (lambda: print(sep=1), lambda: print(end=1), lambda: print(1, bad=2), lambda: print(1, file=5)):
    try:
        f()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
old = sys.stdout
sys.stdout = io.StringIO()
print("captured")
got, sys.stdout = sys.stdout.getvalue(), old
print(repr(got))
sys.stdout = None
print("lost")
sys.stdout = old
print("é日😀")
