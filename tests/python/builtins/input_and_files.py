# input() with odd standard files.
import io
import sys


class Sink:
    def write(self, text):
        pass


real = sys.stdout
sys.stdin = io.StringIO("one\ntwo")
sys.stdout = Sink()
values = [input(), input("prompt")]
try:
    input()
except EOFError as error:
    values.append(str(error))
sys.stdout = real
print(values)
del sys.stdout
try:
    input("prompt")
except RuntimeError as error:
    values.append(str(error))
sys.stdout = real
del sys.stdin
try:
    input("prompt")
except RuntimeError as error:
    values.append(str(error))
print(values)
e = BlockingIOError(11, "text", 5)
print(e.args, e.characters_written, e.filename, str(e))
e = BlockingIOError(11, "text", "name")
print(e.args, e.filename, str(e))
