# What the interactive prompt says by itself goes to standard error, so standard output has only what the program prints.
import subprocess
import sys

answer = subprocess.run([sys.executable, "-i"], input="print('one')\n1 + 1\n1/0\n", capture_output=True, text=True)
print(repr(answer.stdout), answer.returncode)
print("ZeroDivisionError: division by zero" in answer.stderr, answer.stderr.count(">>> "))
