# Names of encodings and error handlers are checked in development mode even where nothing needs them; what opens files
# without saying the encoding is warned of, if asked for; no columns if they are not wanted.
import subprocess
import sys


def run(*options, code):
    process = subprocess.run([sys.executable, *options, "-c", code], capture_output=True, text=True)
    print(process.returncode, process.stdout, process.stderr)


names = """
import io
for action in (lambda: str(b"", "wrong"), lambda: "".encode("wrong"), lambda: b"".decode("utf-8", "wrong"),
               lambda: bytes("", "latin1", "wrong"), lambda: bytearray("abc", "ascii", "wrong"),
               lambda: b"abc".decode(errors="wrong"), lambda: io.TextIOWrapper(io.BytesIO(), "ascii", "wrong")):
    try:
        action()
    except LookupError as error:
        print(error)
    else:
        print("not checked")
"""
run("-X", "dev", code=names)
opening = "import io, os\nopen(os.devnull).close()\ndef f(): return io.text_encoding(None)\nprint(f())\nio.TextIOWrapper(io.BytesIO())"
run("-X", "warn_default_encoding", code=opening)
run("-X", "warn_default_encoding", "-W", "error::EncodingWarning", code="import os\nopen(os.devnull)")
for mode in "01":
    run("-X", "utf8=" + mode, code="import io; print(io.text_encoding(None), io.text_encoding('ascii'))")
run("-X", "no_debug_ranges", code="def f(): return 1 // 0\nprint({p[1:] == (p[0], None, None) for p in f.__code__.co_positions()})")
