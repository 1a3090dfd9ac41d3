# sys.tracebacklimit, sys.excepthook of what is no exception, sys._current_exceptions, types without instances, the library's names.
import contextlib
import io
import subprocess
import sys
import threading

for constant in (sys.flags, sys.version_info):
    for make in (lambda kind: kind(), lambda kind: kind(()), lambda kind: kind(constant)):
        try:
            make(type(constant))
        except TypeError as error:
            print(error)

for limit in ("10", "3", "2", "1", "0", "-1", "1 << 1000", "-1 << 1000", "1.5", "None", "True"):
    program = f"import sys\ndef inner():\n    1 / 0\n\ndef outer():\n    inner()\nsys.tracebacklimit = {limit}\nouter()"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    print(limit, answer.stderr)

for wrong in ("text", None, 3):
    with contextlib.redirect_stderr(io.StringIO()) as caught:
        sys.excepthook(1, wrong, 1)
    print(caught.getvalue())

own = threading.get_ident()
print(sys._current_exceptions()[own])
try:
    1 / 0
except ZeroDivisionError as error:
    kind, value, traceback = sys._current_exceptions()[own]
    print(kind, value is error, traceback is error.__traceback__)

names = sys.stdlib_module_names
print(type(names), len(names), {"sys", "os", "winreg", "_io", "tkinter", "asyncio"} - names, "pip" in names)
print({name for name in names if not name.isidentifier()})
