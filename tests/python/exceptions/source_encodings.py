# Tracebacks of files in other encodings; where errors of encoding declarations are; what could not be decoded.
import os
import subprocess
import sys
import tempfile

folder = tempfile.mkdtemp()
for encoding in "iso-8859-15", "cp1251", "utf-8":
    path = os.path.join(folder, encoding + ".py")
    with open(path, "wb") as stream:
        stream.write(f"# coding: {encoding}\n\nraise RuntimeError('x') if 'Д'.isascii() or True else 0  # жé\n"
                     .encode(encoding, "replace"))
    process = subprocess.run([sys.executable, path], capture_output=True, encoding="utf-8")
    print(process.returncode, process.stderr.replace(folder, "FOLDER"))

for source in (b"\xef\xbb\xbf#coding: utf8\nprint(1)\n", b"# coding: foo\n", b"# coding: ascii\n\xff\n",
               b"\xef\xbb\xbf# coding: latin-1\n"):
    try:
        compile(source, "<f>", "exec")
    except SyntaxError as error:
        print(error, error.lineno, error.offset, error.text, error.args)

for given in bytearray(b"\xff"), memoryview(b"\xfe\xff"), b"\xfd":
    error = UnicodeDecodeError("ascii", given, 0, 1, "why")
    print(error.object, type(error.args[1]).__name__, error)
for wrong in "text", 5, None:
    try:
        UnicodeDecodeError("ascii", wrong, 0, 1, "why")
    except TypeError as error:
        print(error)
