# A \r\n of which a chunk ends in the middle is one line end, whatever the encoding.
import io

text = "".join(f"line {i}" + ("\r\n", "\n", "\r")[i % 3] for i in range(3000))
for encoding in "utf-16", "utf-16-be", "utf-32-le", "utf-8", "cp1252":
    data = text.encode(encoding)
    for size in (1, 2, 3, 7, 8192):
        for newline in None, "":
            stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(data), size), encoding, newline=newline)
            lines = list(stream)
            print(encoding, size, repr(newline), len(lines), "".join(lines) == text,
                  "".join(lines) == text.replace("\r\n", "\n").replace("\r", "\n"), stream.newlines)
stream = io.TextIOWrapper(io.BytesIO("a\r".encode("utf-16-le")), "utf-16-le")
print(repr(stream.read(1)), repr(stream.read()), repr(stream.read()))
stream = io.TextIOWrapper(io.BytesIO("a\r".encode("utf-16-le")), "utf-16-le", newline="")
print(repr(stream.readline()), repr(stream.readline()))
