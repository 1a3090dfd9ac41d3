import io
s = io.StringIO("line1\nline2\n")
print(s.read(3), repr(s.readline()), s.tell(), repr(s.read()), s.seek(0), s.readlines(), s.getvalue() == "line1\nline2\n")
s = io.StringIO(); print(s.write("abc"), s.write("é"), s.getvalue(), s.tell(), s.seek(1), s.write("X"), s.getvalue(), s.truncate(), s.getvalue())
print("printed", 5, file=s); print(repr(s.getvalue()), [l for l in io.StringIO("a\nb")], s.closed, s.readable(), s.writable(), s.seekable())
print(io.StringIO("a\r\nb\rc").readlines(), io.StringIO("a\r\nb\rc", newline=None).readlines(), io.StringIO("a\r\nb", newline="").readlines(), io.StringIO("a\nb", newline="\r\n").getvalue().encode())
s = io.StringIO("abc"); s.seek(5); s.write("z"); print(repr(s.getvalue()))
with io.StringIO("ctx") as c:
    print(c.read())
for f in (lambda: c.read(), lambda: io.StringIO(5), lambda: io.StringIO().write(5), lambda: io.StringIO().write(b"a"), lambda: io.StringIO("a").seek(-1), lambda: io.StringIO("a").seek(1, 1), lambda: io.StringIO(newline="z"), lambda: io.StringIO().fileno(), lambda: io.StringIO("a").read("x")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
