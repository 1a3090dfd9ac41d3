# A SyntaxError whose text is several lines shows those from the marker's on.
import subprocess
import sys

for offset in (5, 9, 10, 17):
    for end in (-1, offset + 2):
        details = ("file", 2, offset, "foo = 12\nfoo345\nbar", 2, end)
        answer = subprocess.run([sys.executable, "-c", f"raise SyntaxError('message', {details})"], capture_output=True, text=True)
        print(answer.stderr)
